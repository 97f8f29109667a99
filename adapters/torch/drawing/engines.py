"""Set a tensor, or several at once, by either engine: check everything, then write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor

from fanwise.adapters.torch.drawing import compiled, native, portable, sharded
from fanwise.adapters.torch.drawing.records import Share, record
from fanwise.adapters.torch.drawing.tensors import check_tensor
from fanwise.core import structured
from fanwise.core.keys import check_path, checked_seed
from fanwise.core.quantile import window
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import Constant, Law, Structured, TruncatedNormal
from fanwise.spec.registry import SchemeLike, as_scheme
from fanwise.spec.scheme import Scheme

ENGINES: Final = ("portable", "native")


@dataclass(frozen=True)
class Source:
    """Where the randomness comes from; checked when it is made.

    Attributes:
        seed: the seed, or None to draw one from the generator.
        engine: ``"portable"`` or ``"native"``.
        generator: torch's, or None for its default one.
    """

    seed: int | None = None
    engine: str = "portable"
    generator: torch.Generator | None = None

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            hint = "Pass engine='portable' for the same bits everywhere, 'native' for torch's own."
            raise FanwiseError("engine 'portable' or 'native'", self.engine, hint)
        if self.generator is not None and not isinstance(self.generator, torch.Generator):
            hint = "Pass e.g. torch.Generator().manual_seed(0), or seed= for an integer."
            raise FanwiseError("a torch.Generator", self.generator, hint)
        if self.seed is None:
            return
        checked_seed(self.seed)
        if self.generator is not None:
            received = Phrase("both a seed and a generator")
            raise FanwiseError("one source of randomness", received, "Leave out one of the two.")


@dataclass(frozen=True)
class Setting:
    """A tensor and what to set it to; checked when it is made, so that writing succeeds."""

    tensor: Tensor
    scheme: Scheme
    path: str | None
    axes: str
    law: Law

    @classmethod
    def of(
        cls, tensor: Tensor, scheme: SchemeLike, *, path: str | None = None, axes: str = "torch"
    ) -> Setting:
        """Check a tensor, a scheme on its shape, and a path."""
        check_tensor(tensor)
        chosen = as_scheme(scheme)
        law = checked_law(chosen, tuple(tensor.shape), axes)
        check_path(path)
        return cls(tensor, chosen, path, axes, law)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write: no elements, or none in memory."""
        return bool(self.tensor.is_meta or self.tensor.numel() == 0)

    @property
    def random(self) -> bool:
        """Whether it takes random words."""
        if isinstance(self.law, Structured):
            return self.law.generator not in ("identity", "dirac")
        return not isinstance(self.law, Constant)


def checked_law(scheme: Scheme, shape: tuple[int, ...], axes: str) -> Law:
    """The law of a scheme on a shape, of which drawing will succeed."""
    law = scheme.law(shape, axes)
    if isinstance(law, Structured):
        structured.check(law)
    elif isinstance(law, TruncatedNormal):
        window(law.low, law.high)
    return law


def write(settings: Sequence[Setting], source: Source) -> None:
    """Write all settings, or none where one can not be."""
    todo = [setting for setting in settings if not setting.empty]
    if source.engine == "native":
        for setting in settings:
            native.check(setting.law, setting.tensor)
        for setting in todo:
            _write_native(setting, source)
        return
    seed = source.seed
    if seed is None:
        # A weight without randomness leaves the generator where it is, as in torch.
        random = any(setting.random for setting in todo)
        seed = portable.draw_seed(source.generator) if random else 0
        tensors = [setting.tensor for setting in todo if sharded.is_sharded(setting.tensor)]
        if random and tensors:
            seed = sharded.agreed(seed, tensors)
    if len(todo) == 1:
        (only,) = todo
        portable.fill(only.tensor, only.scheme, seed=seed, path=only.path, axes=only.axes)
    else:
        portable.fill_all([(s.tensor, s.scheme, s.path, s.axes) for s in todo], seed=seed)


def _write_native(setting: Setting, source: Source) -> None:
    if source.seed is None:
        native.fill(setting.tensor, setting.law, generator=source.generator)
    else:
        made = native.generator_of(source.seed, setting.path, setting.tensor)
        native.fill(setting.tensor, setting.law, generator=made, own=True)


def init_(
    tensor: Tensor,
    scheme: SchemeLike,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: str = "portable",
    generator: torch.Generator | None = None,
) -> Tensor:
    """Fill a tensor by any scheme, in place.

    Args:
        tensor: float16, bfloat16, float32 or float64, with any strides, on any device; a
            parameter, a view of one, or a tensor without gradient. On the meta device
            there is nothing to write. Of a sharded one (DTensor, so also FSDP2) every rank
            draws its own part of the whole; the result does not depend on the mesh.
        scheme: a scheme or its name.
        seed: 0 ≤ seed < 2⁶⁴; without one it is drawn from torch's default generator, so
            that ``torch.manual_seed`` governs; for a sharded tensor, from that of its mesh's
            first rank. In code that ``torch.compile`` compiles it must be given.
        path: the weight's path in its model; every path has a stream of its own.
        axes: the role of each axis, a pattern or its name.
        engine: ``"portable"``, the same bits in every framework; or ``"native"``, the
            functions of ``torch.nn.init``, for which a path counts only beside a seed.
        generator: draws the seed in the place of torch's default one.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import fanwise, torch
        >>> weight = init_(torch.empty(4, 3), "he_normal", seed=0, path="dense/kernel")
        >>> kernel = fanwise.sample("he_normal", (3, 4), seed=0, path="dense/kernel")
        >>> bool((weight.numpy() == kernel.T).all())
        True
    """
    if torch.compiler.is_compiling():
        return _in_graph(tensor, scheme, seed, path, axes, engine, generator)
    source = Source(seed, engine, generator)
    setting = Setting.of(tensor, scheme, path=path, axes=axes)
    write([setting], source)
    record(tensor, Share(setting.scheme, tuple(tensor.shape), axes))
    return tensor


def _in_graph(
    tensor: Tensor,
    scheme: Any,
    seed: Any,
    path: Any,
    axes: Any,
    engine: Any,
    generator: Any,
) -> Tensor:
    """Hand over to the operation, in code that is being compiled."""
    low, high = compiled.halves(seed)
    odd = seed if low is None else None
    text = compiled.request(scheme, odd, path, axes, engine, generator is not None)
    # Detached, since a compiler does not see that a leaf may be written into here.
    _operation(tensor.detach(), text, low, high)
    return tensor


def _run(tensor: Tensor, text: str, low: int | None, high: int | None) -> None:
    asked = compiled.read(text, low, high)
    source = Source(asked.seed, asked.engine)
    setting = Setting.of(tensor, asked.scheme, path=asked.path, axes=asked.axes)
    if asked.seed is None and setting.random:
        hint = "Pass seed=, or initialize outside of the compiled function."
        raise FanwiseError("a seed in compiled code", Phrase("none"), hint)
    write([setting], source)


_operation: Final = compiled.operation(_run)
