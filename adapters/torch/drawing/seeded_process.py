"""What torch keeps by process and draws from, seeded for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch


@contextmanager
def seeded_torch(seed: int) -> Iterator[None]:
    """Seed torch's default generators on all devices, and put back what code may change.

    That is the states of these generators, the default dtype and device, and whether gradients are
    recorded.

    Args:
        seed: of 64 bits.
    """
    dtype, device, is_recording = torch.get_default_dtype(), _device(), torch.is_grad_enabled()
    host = torch.default_generator.get_state()
    # A device that nobody has used has no generator yet, and is not to be woken up.
    devices = list(torch.cuda.default_generators) if torch.cuda.is_initialized() else []
    states = [generator.get_state() for generator in devices]
    torch.default_generator.manual_seed(seed)
    for generator in devices:
        generator.manual_seed(seed)
    try:
        yield
    finally:
        torch.set_default_dtype(dtype)
        if _device() != device:
            torch.set_default_device(device)
        torch.set_grad_enabled(is_recording)
        torch.default_generator.set_state(host)
        for generator, state in zip(devices, states, strict=True):
            generator.set_state(state)


def _device() -> Any:
    """Return the default device that was set; None where none was, which torch does not tell."""
    context = getattr(torch._GLOBAL_DEVICE_CONTEXT, "device_context", None)  # noqa: SLF001
    return None if context is None else context.device
