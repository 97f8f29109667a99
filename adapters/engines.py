"""The two engines, by the names that every door takes."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from fanwise.spec.errors import FanwiseError, did_you_mean

EngineName = Literal["portable", "native"]


class Engine(StrEnum):
    """Where the numbers come from."""

    #: The stream of the specification: the same bits in every framework.
    PORTABLE = "portable"
    #: The framework's own sampler, under its own seeding: the same distribution.
    NATIVE = "native"


def checked_engine(engine: str) -> Engine:
    """Look up an engine by its name.

    Raises:
        FanwiseError: for any other name.
    """
    try:
        return Engine(engine)
    except ValueError:
        meant = did_you_mean(engine, [known.value for known in Engine])
        hint = (
            f"{meant} Pass engine='portable' for the same bits everywhere, 'native' for the "
            "framework's own sampler."
        )
        raise FanwiseError("engine 'portable' or 'native'", engine, hint) from None
