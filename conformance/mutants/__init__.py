"""Broken adapters, on draws from fresh seeds: the suite must catch every one."""
