"""The names of classes, as patterns of recipes and tables of layers have them."""

from __future__ import annotations


def dotted_name(cls: type) -> str:
    """Return the name of a class with its modules.

    Examples:
        >>> import collections
        >>> dotted_name(collections.OrderedDict)
        'collections.OrderedDict'
    """
    return f"{cls.__module__}.{cls.__qualname__}"
