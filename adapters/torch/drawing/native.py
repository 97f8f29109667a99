"""``engine="native"``: torch's own initializers, with torch's own seeding."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor

from fanwise.adapters.torch.drawing import sharded
from fanwise.core.keys import stream_key
from fanwise.spec.axes import BATCH, IN, OUT, RECEPTIVE, Layout
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import (
    ConstantLaw,
    Generator,
    Law,
    NormalLaw,
    StructuredLaw,
    TruncatedNormalLaw,
    UniformLaw,
)

#: The structured laws that torch.nn.init has a function for.
_STRUCTURED: Final = (
    Generator.ORTHOGONAL,
    Generator.IDENTITY,
    Generator.DIRAC,
    Generator.SPARSE,
)


def check(law: Law, tensor: Tensor) -> None:
    """Raise where torch has no initializer for a law.

    Raises:
        FanwiseError: for a structured law that torch does not know, or not on this tensor;
            for a sharded tensor, whose values would depend on the number of ranks.
    """
    if sharded.is_sharded(tensor):
        hint = "Use engine='portable'."
        raise FanwiseError("a tensor that is not sharded", Phrase(type(tensor).__name__), hint)
    if isinstance(law, ConstantLaw) and abs(law.value) > torch.finfo(tensor.dtype).max:
        expected = f"a value that {tensor.dtype} can hold"
        raise FanwiseError(expected, law.value, "Use another value, or a wider dtype.")
    if not isinstance(law, StructuredLaw):
        return
    hint = "Use engine='portable'."
    name = Phrase(law.generator)
    if law.generator not in _STRUCTURED:
        raise FanwiseError("an initializer of torch.nn.init", name, hint)
    if law.generator is Generator.ORTHOGONAL and tensor.dtype in (torch.float16, torch.bfloat16):
        context = "torch has no QR factorization in half precision"
        raise FanwiseError("float32 or float64 for orthogonal", tensor.dtype, hint, context=context)
    roles = law.layout.roles
    if BATCH in roles or roles.count(IN) != 1 or roles.count(OUT) != 1:
        context = f"torch.nn.init has no {law.generator} for these axes"
        raise FanwiseError("one in and one out axis, and no batches", roles, hint, context=context)


def seeded_generator(seed: int, path: str | None, tensor: Tensor) -> torch.Generator:
    """Make torch's generator for a seed; a path makes another seed of it."""
    low, high = stream_key(seed, path)
    return torch.Generator(tensor.device).manual_seed(low | high << 32)


def fill(
    tensor: Tensor, law: Law, *, generator: torch.Generator | None, seeded: bool = False
) -> None:
    """Write a law into a tensor by the function of ``torch.nn.init`` that it stands for.

    Args:
        tensor: where to write.
        law: one that :func:`check` lets pass.
        generator: torch's, or None for its default one.
        seeded: whether the generator was made for this tensor alone.
    """
    match law:
        case ConstantLaw():
            torch.nn.init.constant_(tensor, law.value)
        case UniformLaw():
            torch.nn.init.uniform_(tensor, law.low, law.high, generator=generator)
        case NormalLaw():
            torch.nn.init.normal_(tensor, law.mean, law.sigma, generator=generator)
        case TruncatedNormalLaw():
            low, high = law.centre + law.low * law.sigma, law.centre + law.high * law.sigma
            torch.nn.init.trunc_normal_(
                tensor, law.centre, law.sigma, low, high, generator=generator
            )
        case StructuredLaw():
            _structured(tensor, law, generator, seeded=seeded)


def _structured(
    tensor: Tensor, law: StructuredLaw, generator: torch.Generator | None, *, seeded: bool
) -> None:
    """Draw in the order of torch's own kernels, (out, in, *), then into the tensor's order."""
    target = tensor.detach().permute(_torch_order(law.layout))
    drawn = torch.empty(target.shape, dtype=target.dtype, device=target.device)
    match law.generator:
        case Generator.ORTHOGONAL:
            torch.nn.init.orthogonal_(drawn, law.gain, generator=generator)
        case Generator.IDENTITY:
            torch.nn.init.eye_(drawn).mul_(law.gain)
        case Generator.DIRAC:
            # A dirac is its own transpose: read so, the groups lie on the axis that torch cuts.
            on_in = law.layout.groups_on == IN
            torch.nn.init.dirac_(drawn.transpose(0, 1) if on_in else drawn, law.groups)
        case Generator.SPARSE:
            _sparse(drawn, law, generator, seeded=seeded)
    target.copy_(drawn)


def _sparse(
    drawn: Tensor, law: StructuredLaw, generator: torch.Generator | None, *, seeded: bool
) -> None:
    """Draw a sparse weight: torch takes the zeros from its default generator, always."""
    with torch.random.fork_rng(devices=[], enabled=seeded):
        if seeded and generator is not None:
            torch.default_generator.manual_seed(generator.initial_seed())
        torch.nn.init.sparse_(drawn, law.sparsity, law.gain, generator=generator)


def _torch_order(layout: Layout) -> list[int]:
    """List the storage axes in the order (out, in, receptive field)."""
    roles = layout.roles
    field = [axis for axis, role in enumerate(roles) if role == RECEPTIVE]
    return [roles.index(OUT), roles.index(IN), *field]
