"""Draws that a report plots over each other: no claim, but a picture of what claims say.

Each framework's own initializers fill a weight of one shape as stored, which is what people
compare; and the scheme goes through its sampler on one layer, whatever the storage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from typing import Any, Final

from numpy.typing import NDArray

from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import (
    Adapter,
    Draw,
    LayerDraw,
    WithOwn,
    WithOwnNames,
    layer_kind,
)
from fanwise.conformance.checks.cases import stored_shape
from fanwise.conformance.checks.check import Check, Step, StepResult
from fanwise.conformance.results.densities import Density, densities_of
from fanwise.conformance.results.rows import Origin
from fanwise.spec.axes import PATTERNS
from fanwise.spec.errors import FanwiseError
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme

#: Of a weight as it is stored: two sizes that tell the fans apart.
SHAPE: Final = (512, 256)
#: Schemes, and what frameworks call the same or nearly the same.
PLOTTED: Final = {"he_normal": "kaiming_normal", "glorot_uniform": "xavier_uniform"}
_SEED: Final = 31


def own_densities(adapter: WithOwn, draw: LayerDraw, stored: NDArray[Any]) -> tuple[Density, ...]:
    """Return the density of a layer's kernel that the framework's own initializer set, if any."""
    field = (draw.size,) * layer_kind(draw.kind).spatial
    call = adapter.own_name(draw.scheme) if isinstance(adapter, WithOwnNames) else ""
    return densities_of(
        stored,
        draw.scheme,
        engine=Origin.OWN,
        call=call or draw.scheme.name,
        kind=draw.kind,
        kernel=(*field, draw.inputs // draw.groups, draw.outputs),
        groups=draw.groups,
    )


def densities(adapter: Adapter, names: Iterable[str] = PLOTTED) -> StepResult:
    """Draw what is plotted: by the framework's own initializers, then by the schemes."""
    schemes = [scheme(name) for name in names]
    has_own = isinstance(adapter, WithOwn) and "dense" in adapter.own_layers
    own = _own(adapter, schemes) if has_own else ()
    return StepResult(rows=(), densities=(*own, *_native(adapter, schemes)))


def _own(adapter: Any, schemes: Iterable[Scheme]) -> Iterator[Density]:
    pairs = ((judged, scheme(PLOTTED[judged.name])) for judged in schemes)
    for judged in chain.from_iterable(pairs):
        # One layer, and the layer whose weight has that shape as it is stored.
        for inputs, outputs in dict.fromkeys((SHAPE, _layer_of(SHAPE, adapter.axes))):
            draw = LayerDraw("dense", judged, inputs, outputs, 1, _SEED, path="")
            try:
                stored, _ = adapter.own(draw)
            except FanwiseError:
                # That there is none is a row of the claims about it.
                continue
            yield from own_densities(adapter, draw, stored)


def _native(adapter: Adapter, schemes: Iterable[Scheme]) -> Iterator[Density]:
    for judged in schemes:
        draw = Draw(judged, stored_shape(SHAPE, adapter.axes), _SEED, axes=adapter.axes)
        try:
            stored = adapter.native(draw)
        except FanwiseError:
            continue
        yield from densities_of(
            stored, judged, engine=Engine.NATIVE, call=judged.name, kind="dense", kernel=SHAPE
        )


def _layer_of(stored: tuple[int, int], axes: str) -> tuple[int, int]:
    """Return the inputs and outputs of the dense layer whose weight is stored in that shape."""
    words = [word for word in PATTERNS.get(axes, axes).split() if word in ("in", "out")]
    sizes = dict(zip(words, stored, strict=True))
    return sizes["in"], sizes["out"]


def _steps(adapter: Adapter) -> Iterator[Step]:
    step = Step("densities", partial(densities, adapter))
    # A quick run draws the one that people compare.
    yield step.in_quick_runs(partial(densities, adapter, ("he_normal",)))


CHECK: Final = Check(steps=_steps)
