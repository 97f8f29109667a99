"""The weights of a layer: what its description says of them, and what it and its tensors tell."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from torch import Tensor, nn

from fanwise.adapters.layer_weights import LayerWeight, Shape
from fanwise.adapters.summary import STATISTICS
from fanwise.adapters.torch.layers.classes import class_name
from fanwise.adapters.torch.layers.computed import ComputedWeight
from fanwise.adapters.torch.layers.declared_starts import declaration_of, declared_start
from fanwise.adapters.torch.layers.obstacles import find_obstacle, is_quantized
from fanwise.adapters.torch.layers.partitioned import NONE, Partitions, partitions_of
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight, sources_of
from fanwise.spec.roles import FAN_ROLES
from fanwise.spec.weights import Weight


def sketches(
    descriptions: tuple[LayerWeight, ...], shapes: tuple[tuple[str, Shape], ...]
) -> tuple[Weight, ...]:
    """Return the weights of a layer as a recipe sees them, under their paths in it.

    A bias has the fans of the kernel beside it.

    Args:
        descriptions: of the weights.
        shapes: of the tensors that they lie in, by their names.
    """
    # What a description gives may be a function of this one layer, and would keep it alive.
    has_functions = any(description.followers for description in descriptions)
    return (_sketches.__wrapped__ if has_functions else _sketches)(descriptions, shapes)


@lru_cache(maxsize=1024)  # most models repeat their layers
def _sketches(
    descriptions: tuple[LayerWeight, ...], shapes: tuple[tuple[str, Shape], ...]
) -> tuple[Weight, ...]:
    given = dict(shapes)
    kernels = {d.path: _sketch(d, given) for d in descriptions if d.role in FAN_ROLES}
    beside = {d.path: None if d.beside is None else kernels[d.beside] for d in descriptions}
    return tuple(kernels.get(d.path) or _sketch(d, given, beside[d.path]) for d in descriptions)


def _sketch(
    description: LayerWeight, shapes: Mapping[str, Shape], kernel: Weight | None = None
) -> Weight:
    shape = description.shape_in(shapes)
    # Not those of a flat piece, which cannot be set.
    if kernel is not None and len(kernel.shape) >= 2:
        beside, first_in = kernel.fans, kernel.first_in
    else:
        bilinear = description.kind == "bilinear" and len(shape) == 3
        beside, first_in = None, shape[1] if bilinear else None
    return Weight(
        description.path,
        shape,
        description.axes,
        description.role,
        description.kind,
        description.groups,
        beside,
        first_in,
    )


class LayerFacts:
    """What is asked of a layer once, for all of its weights.

    Args:
        layer: that stores them.
        prefix: its path, with a slash after it.
        owner: whose class they are told by; None for the layer itself.
    """

    def __init__(self, layer: nn.Module, prefix: str, owner: nn.Module | None = None) -> None:
        self._layer, self._prefix = layer, prefix
        self._class_name = class_name(layer if owner is None else owner)
        self._declaration = declaration_of(layer)

    def stored(
        self,
        sketch: Weight,
        description: LayerWeight,
        tensors: Mapping[str, Tensor],
        computed: Mapping[str, ComputedWeight],
        partitions: Partitions = NONE,
    ) -> TensorWeight:
        """Add to a weight what its layer declares, and what its tensors tell.

        They tell whether it trains, and what keeps it from being set.
        """
        sources = sources_of(tensors, computed)
        if sketch.role in STATISTICS:
            # They change with the rest of their layer.
            parameters = list(self._layer.parameters(recurse=False))
            trains = not parameters or any(p.requires_grad for p in parameters)
        else:
            # What is quantized does not train, but was not frozen either: it is to be named.
            trains = not sources or any(s.requires_grad or is_quantized(s) for s in sources)
        declaration = self._declaration
        parts, unplaced = partitions_of(description, partitions)
        if parts:
            declaration = None  # it would count the fans of the part
        weight = Weight(
            self._prefix + sketch.path,
            sketch.shape,
            sketch.axes,
            sketch.role,
            sketch.kind,
            sketch.groups,
            sketch.beside,
            sketch.first_in,
            trains,
            obstacle=unplaced or find_obstacle(sketch, description, sources, computed),
            class_name=self._class_name,
            guess=sketch.guess,
            readings=sketch.readings,
            own=None if declaration is None else declared_start(declaration, sketch),
        )
        return TensorWeight(weight, description, tensors, self._layer, computed, partitions=parts)
