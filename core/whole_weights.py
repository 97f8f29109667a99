"""A whole weight that is worked out but for its memory, its seed and its path.

A model has many weights of few kinds; working a small one out takes longer than drawing it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from fanwise.core.dtypes import format_of
from fanwise.core.fast import gate
from fanwise.core.fast.tasks import Plan, table
from fanwise.core.fill import Filling, Form, fill_all, plans_of_whole
from fanwise.core.keys import stream_key
from fanwise.core.sampler import check_law
from fanwise.core.threads import WORTH_COMPILED_THREADS
from fanwise.spec.laws import ConstantLaw
from fanwise.spec.resolved import Resolved


class WholeWeight:
    """An elementwise weight in contiguous memory, drawn as often as there is such memory."""

    __slots__ = ("_alignment", "_form", "_plan")

    def __init__(self, resolved: Resolved, dtype: str) -> None:
        """Check and plan a weight.

        Args:
            resolved: an elementwise scheme on the weight's shape.
            dtype: one of the four.

        Raises:
            FanwiseError: for values that the dtype cannot hold.
        """
        check_law(resolved.law, dtype)
        into = format_of(dtype)
        strides, step = [], into.storage.itemsize
        for size in reversed(resolved.shape):
            strides.append(step)
            step *= size
        self._form = Form(resolved, None, into, tuple(strides[::-1]), resolved.layout.size)
        self._alignment, self._plan = into.storage.alignment, _one_plan(self._form)

    def draw(
        self, at: int, array: Callable[[], NDArray[Any]], *, seed: int, path: str | None
    ) -> None:
        """Draw the weight.

        Args:
            at: the address of its memory.
            array: gives the memory as an array: uint16 for bfloat16.
            seed, path: they choose the stream.
        """
        plan = self._plan
        if plan is not None and at % self._alignment == 0:
            kernels = gate.kernels()
            if kernels is not None:
                key = stream_key(seed, path, kernels=kernels)
                kernels.draw_weight(*plan.at, at, *key, table())
                return
        fill_all([Filling(self._form, path, at, array)], seed=seed)


def _one_plan(form: Form) -> Plan | None:
    """Plan what one thread draws in one go; None for all else."""
    law, layout = form.resolved.law, form.resolved.layout
    if isinstance(law, ConstantLaw) or form.size >= WORTH_COMPILED_THREADS:
        return None
    # A whole weight is one block, which begins where the memory does.
    ((plan, _),) = plans_of_whole(law, layout, form.strides, form.into.name)
    return plan
