"""The claims, the statistics that judge them, the vectors, and the report."""
