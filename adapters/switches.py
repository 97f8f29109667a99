"""Arguments that are True or False, and that nothing else may stand for."""

from __future__ import annotations

import numpy as np

from fanwise.spec.errors import FanwiseError


def check_switches(**given: object) -> None:
    """Raise for anything but True and False.

    A text is true whatever it says, so ``report="no"`` would mean the opposite.

    Args:
        given: the arguments, by their names.

    Raises:
        FanwiseError: for the first that is neither.

    Examples:
        >>> check_switches(dry_run=False, report=True)
    """
    for name, value in given.items():
        if not isinstance(value, (bool, np.bool_)):
            raise FanwiseError(f"{name} as True or False", value, f"Pass {name}=True or False.")
