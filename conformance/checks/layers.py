"""The exact claim about layers: the same kernel, whatever the layer's storage order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import Adapter, Draw, LayerDraw, grouped, layer_kind
from fanwise.conformance import vectors
from fanwise.conformance.checks.check import Check, Step, rows_step
from fanwise.conformance.checks.faults import Array, Fault, Healthy
from fanwise.conformance.results.claims import Claim, Group
from fanwise.conformance.results.rows import ResultRow
from fanwise.conformance.results.subjects import Subject
from fanwise.core import sample, to_canonical
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme

LAYERS: Final = Claim(
    name="layers",
    group=Group.BITS,
    null="a real layer's kernel has its true fans and order",
)

_SCHEMES: Final = ("he_normal", "glorot_uniform", "xavier_normal")
_SIZE: Final = 3


@dataclass(frozen=True)
class LayerSizes:
    """The sizes of a judged layer; no two are the same, so that axes which are exchanged show."""

    inputs: int = 5
    outputs: int = 4
    groups: int = 1


#: Of the kinds that need others.
_SIZES: Final = {
    "grouped_conv2d": LayerSizes(inputs=6, outputs=8, groups=2),
    "depthwise_conv2d": LayerSizes(inputs=3, outputs=6, groups=3),
}


def layers(adapter: Adapter) -> Iterator[ResultRow]:
    """Compare the kernel of a real layer of each kind with the reference."""
    for kind in adapter.layers:
        for name in _SCHEMES:
            draw, kernel = judged_layer(kind, scheme(name))
            expected = sample(grouped(draw), kernel, seed=draw.seed, path=draw.path)
            stored, axes = adapter.layer(draw)
            # A depthwise kernel has its outputs on one axis in some frameworks, on two in others.
            observed = np.ascontiguousarray(to_canonical(stored, axes)).reshape(kernel)
            subject = Subject(
                adapter=adapter.name,
                engine=Engine.PORTABLE,
                scheme=str(draw.scheme),
                subject=f"{kind} {axes}",
                n=expected.size,
                seed=draw.seed,
            )
            yield subject.compare(LAYERS, *_digests(observed, expected))


def judged_layer(kind: str, judged: Scheme) -> tuple[LayerDraw, tuple[int, ...]]:
    """Return a layer of a kind, and its kernel's shape (receptive…, in of a group, out)."""
    sizes, spatial = _SIZES.get(kind, LayerSizes()), layer_kind(kind).spatial
    draw = LayerDraw(
        kind=kind,
        scheme=judged,
        inputs=sizes.inputs,
        outputs=sizes.outputs,
        size=_SIZE,
        seed=7,
        path="layer/kernel",
        groups=sizes.groups,
    )
    kernel = (_SIZE,) * spatial + (sizes.inputs // sizes.groups, sizes.outputs)
    return draw, kernel


def _digests(observed: NDArray[Any], expected: NDArray[Any]) -> tuple[str, str]:
    """Digest both; say where the elements are right and their places are not."""
    first, second = (vectors.digest(array, "kernel") for array in (observed, expected))
    if first != second and (np.sort(observed, axis=None) == np.sort(expected, axis=None)).all():
        first += ", the same elements in another order"
    return first, second


class ReversedTransposed(Healthy):
    """The reference, with kernels that forget what a transposed layer's axes mean."""

    def layer(self, draw: LayerDraw) -> tuple[Array, str]:
        """Set the kernel, with its outputs reversed in a transposed layer."""
        values, axes = super().layer(draw)
        transposed = layer_kind(draw.kind).transposed
        return (np.ascontiguousarray(np.flip(values, -1)) if transposed else values), axes


class Ungrouped(Healthy):
    """The reference, with layers that forget their groups."""

    def layer(self, draw: LayerDraw) -> tuple[Array, str]:
        """Set the kernel, with the fans of one group."""
        values, axes = super().layer(draw)
        return self.portable(Draw(draw.scheme, values.shape, draw.seed, draw.path), "eager"), axes


def _judge(adapter: Adapter, seed: int) -> Iterator[ResultRow]:
    del seed  # a layer has its own
    return layers(adapter)


def _steps(adapter: Adapter) -> Iterator[Step]:
    yield rows_step("layers", layers, adapter).in_quick_runs()


CHECK: Final = Check(
    claims=(LAYERS,),
    steps=_steps,
    faults=(
        Fault(
            name="a transposed layer's kernel reversed",
            claim=LAYERS,
            judge=_judge,
            adapter=ReversedTransposed(),
        ),
        Fault(name="groups forgotten", claim=LAYERS, judge=_judge, adapter=Ungrouped()),
    ),
)
