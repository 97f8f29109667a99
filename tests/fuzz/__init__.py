"""Calls with arguments of every kind, right and wrong, and what may come of them."""
