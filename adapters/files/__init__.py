"""Tensors in files: each format, read in blocks, without running anything that is in it."""

from fanwise.adapters.files.opened import TensorFile
from fanwise.adapters.files.opening import open_tensors

__all__ = ["TensorFile", "open_tensors"]
