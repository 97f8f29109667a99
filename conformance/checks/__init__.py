"""The claims, each with what judges it."""
