"""Slow, plain implementations that the tests hold the package against. None imports it."""
