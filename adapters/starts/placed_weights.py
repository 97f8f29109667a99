"""Where a weight lies in the tensors that its layer stores, as parts of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.layer_weights import LayerWeight, Span
from fanwise.adapters.starts.start_tensors import Blocks, StartPart, whole_of
from fanwise.adapters.starts.weight_blocks import DrawnBlocks, WholeBlocks, stored_as
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight, block_ends, has_axis
from fanwise.core.dtypes import format_of
from fanwise.core.order import to_canonical
from fanwise.spec.axes import layout
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Planned


@dataclass(frozen=True)
class PlacedWeight:
    """A weight, and the tensors that are stored of it.

    Attributes:
        stored: the weight.
        description: where it lies in these tensors.
        tensors: by their names in the layer.
        shape: of the weight as they have it.
        is_arranged: whether they have it in another form than recipes see it in.
    """

    stored: StoredWeight
    description: LayerWeight
    tensors: Mapping[str, StoredTensor]
    shape: tuple[int, ...]
    is_arranged: bool

    @classmethod
    def of(cls, stored: StoredWeight) -> PlacedWeight:
        """Find what is stored of a weight.

        Raises:
            FanwiseError: for a weight that is computed of others, or of which only a part is one
                of the recipe, where its layer stores it in another form.
        """
        (first, *_) = stored.tensors.values()
        if first.is_computed or stored.formula:
            hint = "Set the model with initialize, and save it."
            received = Phrase(f"{first.name}, which its layer computes from others")
            raise FanwiseError("a weight that is stored as it is drawn", received, hint)
        if not first.sources:
            shapes = {name: tensor.shape for name, tensor in stored.tensors.items()}
            shape = stored.description.shape_in(shapes)
            return cls(stored, stored.description, stored.tensors, shape, is_arranged=False)
        if first.placing is None or not stored.description.whole:
            hint = "Leave out the split from the axes of its rule."
            received = Phrase(f"{first.name}, stored in another form than recipes see it in")
            raise FanwiseError("a weight that is stored as a recipe sees it", received, hint)
        shapes = {name: tensor.shape for name, tensor in first.sources.items()}
        shape = first.placing.shape_in(shapes)
        return cls(stored, first.placing, first.sources, shape, is_arranged=True)

    @property
    def first(self) -> StoredTensor:
        """The first of its tensors."""
        return self.tensors[self.description.parameters[0]]

    @property
    def batch(self) -> int | None:
        """The number of the one batch that is stored of it; None where all of it is."""
        match self.description.spans:
            case (Span(at=(), part=(slice(start=int(first), stop=int(stop)),)),):
                is_one = stop == first + 1 and self.shape[0] > 1
                return first if is_one and self.first.shape == self.shape[1:] else None
        return None

    def drawn(self, planned: Planned, seed: int, dtype: str) -> Blocks:
        """Return what draws it, in the form in which its layer stores it.

        Args:
            planned: the weight and its scheme.
            seed: of the whole start.
            dtype: of its elements.
        """
        row, path = self.stored.description.zero_row, planned.weight.path
        zero_row = None if row is None else (0, row)
        resolved = planned.resolved
        if not self.is_arranged:
            return DrawnBlocks(resolved, seed, path, dtype, zero_row)
        is_of_its_rule = planned.weight.axes != self.stored.weight.axes
        # The stream counts elements in canonical order, whatever the order they are stored in.
        there = stored_as(resolved, layout(self.shape, self.description.axes))
        if there is None or is_of_its_rule:
            whole = DrawnBlocks(resolved, seed, path, dtype)
            return WholeBlocks(lambda: self._arranged(whole.whole(), planned, dtype))
        return DrawnBlocks(there, seed, path, dtype)

    def parts(self, source: Blocks, dtype: str) -> Iterator[tuple[StoredTensor, StartPart]]:
        """Give the parts of tensors that hold it.

        Args:
            source: gives its blocks, in the form in which its layer stores it.
            dtype: of its elements.
        """
        for span in self.description.blocks():
            tensor = self.tensors[span.parameter]
            part = _part(span, tensor.shape, self.shape, source, dtype)
            for held in (tensor, *tensor.tied):
                yield held, part

    def _arranged(self, drawn: NDArray[Any], planned: Planned, dtype: str) -> NDArray[Any]:
        """Bring a weight from the form of a recipe into the one in which it is stored."""
        # What the axes of a rule change is which numbers are drawn, not where they are stored.
        there = np.empty(self.shape, format_of(dtype).storage)
        seen = to_canonical(drawn, self.stored.weight.axes)
        canonical = to_canonical(there, self.description.axes)
        canonical[...] = seen.reshape(canonical.shape)
        assert planned.weight.shape == drawn.shape
        return there


def _part(
    span: Span,
    tensor_shape: Sequence[int],
    weight_shape: Sequence[int],
    source: Blocks,
    dtype: str,
) -> StartPart:
    """Return what a span of a weight is in its tensor."""
    at = tuple(slice(*ends) for ends in block_ends(span.at, tensor_shape))
    part = tuple(slice(*ends) for ends in block_ends(span.part, weight_shape))
    axes = tuple(axis for axis in range(len(at)) if has_axis(span.at, axis))
    own_axes = tuple(axis for axis in range(len(part)) if has_axis(span.part, axis))
    if [_length(at[axis]) for axis in axes] == [_length(part[axis]) for axis in own_axes]:
        return StartPart(at, axes, source, part, own_axes)
    # It has other axes there, as gates do that a layer keeps one below the other.
    storage, lengths = format_of(dtype).storage, [_length(here) for here in at]

    def make() -> NDArray[Any]:
        out = np.empty([_length(here) for here in part], storage)
        source.write(part, out)
        return out.reshape(lengths)

    axes = tuple(range(len(at)))
    return StartPart(at, axes, WholeBlocks(make), whole_of(lengths), axes)


def _length(piece: slice) -> int:
    return int(piece.stop - piece.start)
