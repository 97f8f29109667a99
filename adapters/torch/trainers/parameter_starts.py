"""The start of one parameter of a planned model, in whatever memory it has by then."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from torch import Tensor

from fanwise.adapters.layer_weights import LayerWeight
from fanwise.adapters.recipes import check_settable
from fanwise.adapters.torch.drawing.engines import Setting, Source, check_engine_draws, write
from fanwise.adapters.torch.drawing.records import record
from fanwise.adapters.torch.drawing.tensors import check_tensor
from fanwise.adapters.torch.layers.blocks import cut_block, tensor_blocks
from fanwise.core.blocks import Index
from fanwise.core.uncompiled import uncompiled
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Planned


@dataclass(frozen=True)
class WeightPart:
    """What one parameter holds of a weight: all of it, or some blocks.

    Attributes:
        planned: the weight, with its scheme.
        description: where it lies in the parameters of its layer.
        parameters: the names under which its layers have the parameter.
    """

    planned: Planned
    description: LayerWeight
    parameters: frozenset[str]

    def setting(self, tensor: Tensor) -> Setting:
        """Say what is written into a tensor that stands for the parameter."""

        def blocks() -> Iterator[tuple[Tensor, Index]]:
            return self._blocks(tensor)

        is_whole = self.description.whole
        path = self.planned.weight.path
        return Setting(self.planned.resolved, path, (tensor,), None if is_whole else blocks)

    def zero_row(self, tensor: Tensor) -> Iterator[Tensor]:
        """Give the row that is zero whatever the recipe, where this process holds it."""
        row = self.description.zero_row
        for memory, index in () if row is None else tensor_blocks(tensor):
            if index[0].start <= row < index[0].stop:
                yield memory[row - index[0].start]

    def _blocks(self, tensor: Tensor) -> Iterator[tuple[Tensor, Index]]:
        ndim = len(self.planned.weight.shape)
        for span in self.description.blocks():
            for memory, held in tensor_blocks(tensor) if span.parameter in self.parameters else ():
                if (block := cut_block(memory, held, span, ndim)) is not None:
                    yield block


@dataclass(frozen=True)
class ParameterStart:
    """A callable that writes the start of one parameter, whole or this rank's part of it.

    Attributes:
        name: of the parameter, in its model.
        shape: of the whole parameter.
        parts: the weights in it, one but for layers that pack several into a tensor.
        seed: of the model.
    """

    name: str
    shape: tuple[int, ...]
    parts: tuple[WeightPart, ...]
    seed: int

    @uncompiled
    def __call__(self, tensor: Tensor) -> Tensor:
        """Write the start of the parameter.

        Args:
            tensor: the parameter, once it has memory: plain, or a DTensor of its whole shape, of
                any dtype, on any device. On the meta device nothing is written.

        Returns:
            The same tensor.

        Raises:
            FanwiseError: for a tensor of another shape, or one that cannot be written into.
        """
        settings = [part.setting(tensor) for part in self.parts]
        try:
            self._check(tensor, settings)
        except FanwiseError as error:
            raise error.within(f"{self.name} cannot be set") from error
        write(settings, Source(self.seed))
        if not any(setting.empty or setting.kept for setting in settings):
            for row in itertools.chain.from_iterable(part.zero_row(tensor) for part in self.parts):
                row.fill_(0)
            record(tensor, *(part.planned.resolved for part in self.parts))
        return tensor

    def _check(self, tensor: Tensor, settings: Sequence[Setting]) -> None:
        check_tensor(tensor)
        if tuple(tensor.shape) != self.shape:
            hint = "Pass the whole parameter, or a DTensor, which knows the whole shape."
            received = Phrase(f"one of shape {tuple(tensor.shape)}")
            raise FanwiseError(f"a tensor of shape {self.shape}", received, hint)
        for part, setting in zip(self.parts, settings, strict=True):
            check_starts(part, setting, self.seed)

    def __deepcopy__(self, memo: object) -> Self:
        """Return the same: it never changes, and holds no tensor."""
        return self


def check_starts(part: WeightPart, setting: Setting, seed: int) -> None:
    """Raise for what cannot be drawn into a tensor.

    Raises:
        FanwiseError: naming the weight.
    """
    check_settable(part.planned, lambda: check_engine_draws(setting, Source(seed)))
