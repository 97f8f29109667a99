"""The random numbers of Python and NumPy, which code that is followed may draw unseen."""

from __future__ import annotations

import random
from typing import Any

import numpy as np


class OtherNumbers:
    """Where the two streams are."""

    def __init__(self) -> None:
        self._python = random.getstate()
        self._numpy: Any = np.random.get_state()  # noqa: NPY002 (the state of the process)

    def restore(self) -> bool:
        """Go back to where they were; returns whether some have been drawn."""
        now: Any = np.random.get_state()  # noqa: NPY002
        is_same = self._numpy[2] == now[2] and bool((self._numpy[1] == now[1]).all())
        if is_same and self._python == random.getstate():
            return False
        random.setstate(self._python)
        np.random.set_state(self._numpy)  # noqa: NPY002
        return True
