"""Values that follow from no chance, written where a library's code gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor, nn

from fanwise.adapters.torch.layers.buffers import find_fault, unsettled_buffers
from fanwise.adapters.torch.layers.initializing_code import InitializingCode
from fanwise.adapters.torch.layers.read_starts import is_near, is_readable
from fanwise.adapters.torch.layers.recorded_laws import Copied
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.adapters.torch.layers.twins import Twins


def write_formulas(weights: Iterable[TensorWeight], formulas: Mapping[int, Tensor]) -> None:
    """Write the formulas of weights that do not hold them, as after ``to_empty()``.

    Args:
        weights: those that start with a formula.
        formulas: the values, by the ids of the weights' tensors, where they are known.
    """
    for stored in weights:
        tensor = stored.tensor
        values = formulas.get(id(tensor))
        if values is not None and is_readable(tensor) and not is_near(tensor, values):
            tensor.detach().copy_(values)


def restore_buffers(
    model: nn.Module,
    layers: Sequence[tuple[str, nn.Module]],
    written: Iterable[TensorWeight],
) -> None:
    """Fill the buffers of a model, if some of them hold what nobody has set.

    What fills them is the library's own code, run on twins of its modules.

    Args:
        model: any module.
        layers: all of its modules, with their paths.
        written: the weights that have just been set.
    """
    unsettled = unsettled_buffers(layers, written)
    if not any(find_fault(layer, name) for _, layer, name in unsettled):
        return
    code = InitializingCode(Twins(model), model)
    names: dict[int, list[str]] = {}
    for _, layer, name in unsettled:
        names.setdefault(id(layer), []).append(name)
    for _, layer, name in unsettled:
        code.run(layer, names[id(layer)])
        values = _values_of(code.twins, layer, name)
        buffer = layer._buffers[name]  # noqa: SLF001 (no names are joined)
        if values is not None and buffer is not None and values.shape == buffer.shape:
            with torch.no_grad():
                buffer.copy_(values)


def _values_of(twins: Twins, layer: nn.Module, name: str) -> Tensor | None:
    """Return what code has written into a buffer; None where that cannot be told."""
    twin = vars(twins.of(layer))["_buffers"].get(name)
    if twin is None or not twins.recorder.is_written(twin):
        return None
    content = twins.recorder.content(twin)
    if isinstance(content, Copied):
        twin = content.tensor
    elif content is not None:
        return None
    values: Tensor = twin.detach()
    return None if values.is_meta or bool(values.isnan().any()) else values
