"""Tensors in files: each format, read in blocks, without running anything that is in it."""
