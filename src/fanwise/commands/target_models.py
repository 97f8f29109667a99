"""Models that a function of the user's builds, as commands look at them."""

from __future__ import annotations

import importlib
import math
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.held_models import (
    FLAX,
    KERAS,
    TORCH,
    checked_framework,
    framework_of_model,
)
from fanwise.adapters.named_functions import Factory, factory_of, users_output
from fanwise.spec.errors import FanwiseError

if TYPE_CHECKING:
    from fanwise.adapters.builds import ModelBuilds
    from fanwise.adapters.model_paths import ModelPaths
    from fanwise.adapters.progress import Progress
    from fanwise.adapters.starts.written import Written
    from fanwise.adapters.summary import Summary

#: A model of more elements is looked at without its values, unless they are asked for.
_MOST: Final = 1 << 28
_INPUT: Final = re.compile(r"(?P<shape>\d+(?:,\d+)*|)(?::(?P<dtype>\w+))?")
_HINT: Final = "Call it by itself to see why."


@dataclass(frozen=True)
class TargetModel:
    """A model, and what its framework's verbs need beside it.

    Attributes:
        framework: as recipes call it.
        model: the model.
        has_values: whether its weights have values, and not only shapes.
        call: what a linen module is called with, and its values.
    """

    framework: str
    model: Any
    has_values: bool
    call: Mapping[str, Any] = field(default_factory=dict)

    def paths(self) -> ModelPaths:
        """List its weights as the rules of a recipe see them."""
        listed: ModelPaths = self._verb("paths")(self.model, **self.call)
        return listed

    def initialized(self, recipe: Any, **how: Any) -> Summary:
        """Call the framework's ``initialize``, and return its report.

        Args:
            recipe: the recipe.
            **how: as that takes it.
        """
        outcome = self._verb("initialize")(self.model, recipe, **self.call, **how)
        report: Summary = outcome[1] if isinstance(outcome, tuple) else outcome
        return report

    def written(self, recipe: Any, **how: Any) -> Written:
        """Call the framework's ``write``.

        Args:
            recipe: the recipe.
            **how: as that takes it.
        """
        outcome: Written = self._verb("write")(self.model, recipe, **self.call, **how)
        return outcome

    def _verb(self, name: str) -> Any:
        adapter = "jax" if self.framework == FLAX else self.framework
        return getattr(importlib.import_module(f"fanwise.adapters.{adapter}.{name}"), name)


def target_model(
    target: str,
    framework: str | None,
    inputs: Sequence[str] | None,
    progress: Progress,
    *,
    meta: bool | None = None,
) -> TargetModel:
    """Build the model of a function that is named on the command line.

    Args:
        target: the function: see :func:`fanwise.adapters.named_functions.factory_of`.
        framework: whose model it builds; None to see it.
        inputs: what a linen module is called with: see :func:`read_inputs`.
        progress: told what is done.
        meta: whether to build it without values. None for whether it is large.

    Raises:
        FanwiseError: where there is no such function, or it builds no model.
    """
    from fanwise.adapters.model_builds import builds_of

    call = call_of(inputs)
    if framework is not None:
        framework = checked_framework(framework)
    progress(0, 3, f"importing {target.rpartition(':')[0]}")
    factory = factory_of(target)
    progress(1, 3, "building the model")
    with users_output(f"a function {target} that builds a model", _HINT):
        chosen = framework or _framework_of(factory, call)
        builds = builds_of(factory, chosen, **call)
        built, has_values = _built(builds, meta=meta)
        progress(2, 3, "looking at its weights")
    return _as_target(chosen, built, has_values=has_values)


def call_of(inputs: Sequence[str] | None) -> dict[str, Any]:
    """Return what builds of a model are told about how its module is called.

    Args:
        inputs: see :func:`read_inputs`.
    """
    return {"inputs": read_inputs(inputs)} if inputs else {}


def read_inputs(texts: Sequence[str]) -> tuple[NDArray[Any], ...]:
    """Read what a module is called with: a shape each, and a dtype.

    Args:
        texts: such as ``"1,224,224,3"``, of float32, or ``"8,128:int32"``.

    Returns:
        Zeros of these shapes.

    Raises:
        FanwiseError: for anything else.

    Examples:
        >>> [(zeros.shape, zeros.dtype.name) for zeros in read_inputs(["1,128:int32"])]
        [((1, 128), 'int32')]
    """
    return tuple(map(_zeros, texts))


def _zeros(text: str) -> NDArray[Any]:
    match = _INPUT.fullmatch(text.replace(" ", ""))
    hint = "Write e.g. --input 1,224,224,3 or --input 8,128:int32."
    if match is None:
        raise FanwiseError("the shape of an input, and its dtype", text, hint)
    try:
        shape = [int(size) for size in match["shape"].split(",") if size]
        return np.zeros(shape, np.dtype(match["dtype"] or "float32"))
    except (TypeError, ValueError, MemoryError) as error:
        raise FanwiseError("the shape of an input, and its dtype", text, f"{error}.") from error


def _framework_of(factory: Factory, call: Mapping[str, Any]) -> str:
    """Tell the framework of a function, if that can be by calling it without memory.

    What a function imports only when it runs, as models of transformers do, is not seen before.
    """
    from fanwise.adapters.model_builds import builds_of
    from fanwise.captures import framework_of

    doors = {"keras": KERAS, "torch": TORCH, "jax": FLAX}
    imported = [doors[name] for name in doors if name in sys.modules]
    believed = imported[0] if len(imported) == 1 else TORCH
    if believed not in imported:
        return framework_of(factory)
    outline = builds_of(factory, believed, **(call if believed == FLAX else {})).outline()
    if outline is None:
        return believed if len(imported) == 1 else framework_of(factory)
    model = _as_target(believed, outline, has_values=False).model
    return framework_of_model(model) or framework_of(factory)


def _built(builds: ModelBuilds, *, meta: bool | None) -> tuple[Any, bool]:
    """Build a model, and tell whether it has values: of a large one, its shapes will do."""
    outline = None if meta is False else builds.outline()
    if meta and outline is None:
        hint = "Leave out --meta: the function, or the framework, needs the values."
        raise FanwiseError("a model that can be built without memory", builds.framework, hint)
    if outline is not None:
        model = _as_target(builds.framework, outline, has_values=False)
        if meta or sum(math.prod(row.shape) for row in model.paths().rows) > _MOST:
            return outline, False
    return builds.build(0), True


def _as_target(framework: str, built: Any, *, has_values: bool) -> TargetModel:
    """Take a model of JAX out of what its builds hold it in."""
    if framework != FLAX:
        return TargetModel(framework, built, has_values)
    call = {} if built.values is None else {**built.call, "values": built.values}
    return TargetModel(framework, built.model, has_values, call)
