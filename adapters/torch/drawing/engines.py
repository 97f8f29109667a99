"""The two engines: what is to be drawn from which randomness, checked first and then written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import increment_version

from fanwise.adapters.engines import Engine, checked_engine
from fanwise.adapters.torch.drawing import native, portable, sharded, shared_seeds
from fanwise.adapters.torch.drawing.loaded import is_kept
from fanwise.adapters.torch.drawing.memory import holds_nothing
from fanwise.adapters.torch.drawing.seeds import draw_seed
from fanwise.adapters.torch.drawing.tensors import DTYPES, check_tensor
from fanwise.adapters.torch.drawing.watchers import check_unrecorded
from fanwise.core.blocks import Index
from fanwise.core.keys import check_path, checked_seed
from fanwise.core.magnitudes import check_fits
from fanwise.core.sampler import check_law
from fanwise.spec.axes import TORCH
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import is_random
from fanwise.spec.registry import SchemeLike, as_scheme
from fanwise.spec.resolved import Resolved, resolve


@dataclass(slots=True)
class Source:
    """Where the randomness comes from; checked when it is made.

    Attributes:
        seed: the seed, or None to draw one from the generator.
        engine: by its name.
        generator: torch's, or None for its default one.
        group: the processes that have copies, and agree on a seed; None for this one alone.
    """

    seed: int | None = None
    engine: str = Engine.PORTABLE
    generator: torch.Generator | None = None
    group: Any = None

    def __post_init__(self) -> None:
        if self.engine != Engine.PORTABLE:
            checked_engine(self.engine)
        if self.generator is not None and not isinstance(self.generator, torch.Generator):
            hint = "Pass e.g. torch.Generator().manual_seed(0), or seed= for an integer."
            raise FanwiseError("a torch.Generator", self.generator, hint)
        if self.seed is None:
            if self.group is not None and self.engine == Engine.NATIVE:
                hint = "Pass seed=, or initialize before wrapping in DistributedDataParallel."
                raise FanwiseError("a seed, which all copies have", Phrase("none"), hint)
            return
        checked_seed(self.seed)
        if self.generator is not None:
            received = Phrase("both a seed and a generator")
            raise FanwiseError("one source of randomness", received, "Leave out one of the two.")


@dataclass(slots=True)
class Setting:
    """A weight, and the memory to draw it into.

    Attributes:
        resolved: the scheme on the weight's shape.
        path: with a seed it chooses the stream.
        tensors: those that it lies in.
        blocks: gives the blocks of it in this process's memory, each with its memory; None
            if it is all of its one tensor.
    """

    resolved: Resolved
    path: str | None
    tensors: tuple[Tensor, ...]
    blocks: Callable[[], Iterable[tuple[Tensor, Index]]] | None = None

    @classmethod
    def of(
        cls, tensor: Tensor, scheme: SchemeLike, *, path: str | None = None, axes: str | None = None
    ) -> Setting:
        """Check a tensor, a scheme on its shape, and a path, so that writing succeeds."""
        check_tensor(tensor)
        chosen = as_scheme(scheme)
        resolved = resolve(chosen, tuple(tensor.shape), chosen.pattern(axes, TORCH))
        check_law(resolved.law, path=path)
        check_path(path)
        return cls(resolved, path, (tensor,))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write: no elements, or none in memory."""
        return self.resolved.layout.size == 0 or any(map(holds_nothing, self.tensors))

    @property
    def kept(self) -> bool:
        """Whether it has been loaded, by whoever asks for the others only."""
        return any(map(is_kept, self.tensors))

    @property
    def random(self) -> bool:
        """Whether it takes random words."""
        return is_random(self.resolved.law)

    def memory(self) -> Iterator[portable.MemoryBlock]:
        """Give the memory that the portable engine writes."""
        if self.blocks is None and not sharded.is_sharded(self.tensors[0]):
            yield portable.MemoryBlock(self.tensors[0], self.resolved, None, self.path)
            return
        blocks = sharded.parts(self.tensors[0]) if self.blocks is None else self.blocks()
        for memory, index in blocks:
            held = None if tuple(memory.shape) == self.resolved.shape else index
            yield portable.MemoryBlock(memory, self.resolved, held, self.path)


def check_engine_draws(setting: Setting, source: Source) -> None:
    """Raise for what the engine cannot draw.

    Raises:
        FanwiseError: for values that the dtype cannot hold, and as :func:`native.check` does.
    """
    for tensor in setting.tensors:
        check_fits(setting.resolved.law, DTYPES[tensor.dtype])
        if source.engine == Engine.NATIVE:
            native.check(setting.resolved.law, tensor)


def check_drawn_in_parts(setting: Setting, source: Source) -> None:
    """Raise where ranks would not draw parts of one weight into their plain tensors.

    Raises:
        FanwiseError: for the native engine, and for random numbers without a seed.
    """
    received = Phrase("a plain tensor that is this rank's part, by its tensor_model_parallel")
    if source.engine == Engine.NATIVE:
        raise FanwiseError("a tensor that is not cut", received, "Use engine='portable'.")
    if source.seed is None and setting.random:
        raise FanwiseError("a seed, which all ranks have", received, "Pass seed= on all ranks.")


def check_ranks(settings: Sequence[Setting], source: Source, groups: Iterable[Any] = ()) -> None:
    """Raise on all ranks where they would draw what they share from several seeds; each must ask.

    Args:
        settings: of a model, in the same order on all ranks.
        source: of which the seed is compared, if it has one.
        groups: more process groups whose ranks share weights.

    Raises:
        FanwiseError: for seeds that differ.
    """
    if source.seed is None:
        return
    tensors = [tensor for tensor in _tensors(settings) if not holds_nothing(tensor)]
    meshes = shared_seeds.groups_of_meshes(tensors)
    others = [*groups] if source.group is None else [*groups, source.group]
    told = ((group, sharded.device_of_group(group)) for group in dict.fromkeys(others))
    shared_seeds.check_one_seed(source.seed, [*meshes, *told])


def write(settings: Iterable[Setting], source: Source) -> None:
    """Write weights that are checked, in one pass.

    Raises:
        FanwiseError: where a trace is being recorded, which would not have the writing in it.
    """
    check_unrecorded()
    draw(settings, source)


def draw(settings: Iterable[Setting], source: Source) -> None:
    """Write weights as :func:`write` does, for what has itself been recorded."""
    present = [setting for setting in settings if not (setting.empty or setting.kept)]
    if source.engine == Engine.NATIVE:
        for setting in present:
            _write_native(setting, source)
        return
    blocks = [block for setting in present for block in setting.memory()]
    portable.write_blocks(blocks, seed=_seed(present, source))
    for tensor in _tensors(present):
        if not tensor.is_inference():
            # What an in-place operation does, so that autograd notices.
            increment_version(tensor)


def _seed(settings: Sequence[Setting], source: Source) -> int:
    """Return the seed, or one from the generator: for sharded weights, the first rank's."""
    if source.seed is not None:
        return source.seed
    # A weight without randomness leaves the generator where it is, as in torch.
    if not any(setting.random for setting in settings):
        return 0
    seed = draw_seed(source.generator)
    tensors = [tensor for tensor in _tensors(settings) if sharded.is_sharded(tensor)]
    if tensors:
        return shared_seeds.agree_on_seed(seed, tensors)
    return shared_seeds.agree_in_group(seed, source.group, settings[0].tensors[0].device)


def _tensors(settings: Sequence[Setting]) -> list[Tensor]:
    """List the tensors of weights, each once."""
    if len(settings) == 1:
        return list(settings[0].tensors)
    return list({id(t): t for setting in settings for t in setting.tensors}.values())


def _write_native(setting: Setting, source: Source) -> None:
    """Draw a weight by torch's own functions, and put what is packed into its blocks."""
    resolved, tensor = setting.resolved, setting.tensors[0]
    target = tensor if setting.blocks is None else tensor.new_empty(resolved.shape)
    if source.seed is None:
        native.fill(target, resolved.law, generator=source.generator)
    else:
        generator = native.seeded_generator(source.seed, setting.path, tensor)
        native.fill(target, resolved.law, generator=generator, seeded=True)
    if setting.blocks is not None:
        for block, index in setting.blocks():
            block.copy_(target[index])
