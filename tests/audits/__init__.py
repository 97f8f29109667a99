"""Faults planted in checkpoints of real architectures, and right checkpoints beside them."""
