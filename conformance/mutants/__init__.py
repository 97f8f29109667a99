"""Adapters with one fault each, which the suite must catch."""
