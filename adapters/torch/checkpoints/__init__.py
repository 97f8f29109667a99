"""Starts as checkpoints that torch's own engines write and read."""
