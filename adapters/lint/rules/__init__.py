"""The rules, by what they look at; each yields the findings of a source."""
