"""What starts wrong by the look of its source: Python code, read and not run."""
