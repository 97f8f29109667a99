"""From models, built under several seeds, to the recipe that starts them so."""

from fanwise.adapters.captures.captured import Captured, Unresolved, captured

__all__ = ["Captured", "Unresolved", "captured"]
