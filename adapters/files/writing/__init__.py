"""Starts as files: each format, written by blocks, with the same bytes each time."""
