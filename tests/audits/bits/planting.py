"""A model that Fanwise has started, in which faults are planted, and what an audit says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import nn

import fanwise
import fanwise.torch
from fanwise.adapters.recipes import planned_weights
from fanwise.adapters.torch.stored_weights import stored_weights
from fanwise.conformance.audits.bits import audit_bits
from fanwise.conformance.audits.results import AuditRow
from fanwise.core import sampler

#: Of more than 32 bits, the lower half of which would be negative.
SEED = (7 << 32) | 0x9ABCDEF0
RECIPE = """
fanwise = 1
[[rule]]
match = "head/kernel"
init = "orthogonal"
[[rule]]
role = "kernel"
init = { scheme = "normal", std = 0.05 }
[[rule]]
role = "recurrent_kernel"
init = "orthogonal"
[[rule]]
role = "embedding"
init = { scheme = "truncated_normal", std = 0.02 }
[[rule]]
role = "bias"
init = { scheme = "uniform", low = -0.1, high = 0.1 }
[[rule]]
role = "scale"
init = "ones"
[[rule]]
role = "offset"
init = "zeros"
"""
UP = "blocks/1/up/kernel"


class Block(nn.Module):
    """A block as those of transformers."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, 4)
        self.up = nn.Linear(width, 3 * width)
        self.down = nn.Linear(3 * width, width)


class Net(nn.Module):
    """A model with a layer of every kind."""

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        self.tokens = nn.Embedding(97, width, padding_idx=0)
        self.blocks = nn.ModuleList(Block(width) for _ in range(3))
        self.conv = nn.Conv2d(8, 24, (3, 5))
        self.norm = nn.BatchNorm2d(24)
        self.rnn = nn.LSTM(width, 20, 2, bidirectional=True)
        self.head = nn.Linear(width, 97)


def started(dtype: torch.dtype = torch.float32, seed: int = SEED) -> Net:
    """Return the model as the recipe and a seed start it."""
    model = Net().to(dtype)
    fanwise.torch.initialize(model, RECIPE, seed=seed)
    return model


def audited(model: nn.Module, seed: int = SEED) -> list[AuditRow]:
    """Return what the bits of a model say."""
    plans = planned_weights(fanwise.recipe(RECIPE), stored_weights(model), framework="torch").plans
    return list(audit_bits(plans, seed))


def failures(model: nn.Module, seed: int = SEED) -> list[AuditRow]:
    """Return the rows that fail, and see to it that the others pass."""
    rows = audited(model, seed)
    assert {row.outcome for row in rows} <= {"pass", "fail"}
    return [row for row in rows if row.outcome == "fail"]


def redrawn(
    model: Net,
    path: str,
    *,
    seed: int = SEED,
    under: str | None = "",
    dtype: str = "float32",
    change: Callable[[Any], Any] = lambda resolved: resolved,
) -> np.ndarray:
    """Draw one weight of a model again, on another stream or by another law.

    Args:
        model: the model.
        path: of the weight.
        seed: the seed.
        under: the path that it is drawn under; ``""`` for its own.
        dtype: what it is drawn in.
        change: of its scheme on its shape.
    """
    plans = planned_weights(fanwise.recipe(RECIPE), stored_weights(model), framework="torch").plans
    (planned,) = (planned for _, planned in plans if planned.weight.path == path)
    resolved = change(planned.resolved)
    return sampler.draw(resolved, seed=seed, path=path if under == "" else under, dtype=dtype)


def by_law(law: Any) -> Callable[[Any], Any]:
    """Return the change of a scheme to another law."""
    return lambda resolved: replace(resolved, law=law)


def in_order(*order: int) -> Callable[[Any], Any]:
    """Return the change of a scheme to another order of the axes."""
    return lambda resolved: replace(resolved, layout=replace(resolved.layout, order=order))


def write(parameter: torch.Tensor, values: np.ndarray) -> None:
    """Write values into a parameter."""
    with torch.no_grad():
        parameter.copy_(torch.from_numpy(np.ascontiguousarray(values)))
