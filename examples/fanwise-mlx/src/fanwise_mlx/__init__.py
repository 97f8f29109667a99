"""Fanwise for MLX."""

from fanwise_mlx.initializers import initializer as initializer
from fanwise_mlx.initializers import set_initializer as set_initializer

__all__ = ["initializer", "set_initializer"]
