"""What a run writes down: claims, rows, runs, deviations and verdicts, and their JSON form."""
