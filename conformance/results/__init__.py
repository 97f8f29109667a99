"""What a run writes down, and the deviations that it may have."""
