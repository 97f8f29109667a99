"""Values that follow from no chance, written where a library's code gives them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from fanwise.adapters.torch.drawing.sharded import Index, is_sharded
from fanwise.adapters.torch.layers.buffers import find_fault, unsettled_buffers
from fanwise.adapters.torch.layers.declared_parameters import Declarations
from fanwise.adapters.torch.layers.initializing_code import InitializingCode
from fanwise.adapters.torch.layers.operations import key_of
from fanwise.adapters.torch.layers.read_starts import is_near
from fanwise.adapters.torch.layers.recorded_laws import Copied
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.adapters.torch.layers.twins import Twins
from fanwise.adapters.torch.layers.unset_models import readable_parts


def write_formulas(weights: Iterable[TensorWeight], declared: Declarations) -> list[str]:
    """Write the formulas of weights that stay and do not hold them, as after ``to_empty()``.

    Args:
        weights: those that stay.
        declared: what the classes of the model declare.

    Returns:
        The paths of the weights that nobody has set, and of which no values are known.
    """
    unset = []
    for stored in weights:
        if stored.on_meta or stored.weight.is_settled:
            continue
        tensor = stored.tensor
        values = declared.formulas.get(id(tensor))
        own = stored.weight.own
        is_of_layer = (own is not None and own.keeps) or not stored.weight.trains
        if values is not None and is_of_layer and (parts := _parts(tensor)) is not None:
            for part, index in parts:
                if declared.is_unset or not is_near(part, values[index]):
                    part.copy_(values[index])
        elif declared.is_unset:
            unset.append(stored.weight.path)
    return unset


def _parts(tensor: Tensor) -> list[tuple[Tensor, Index]] | None:
    """List the blocks of a weight that lie here; None where it cannot be read."""
    parts = readable_parts(tensor)
    return parts if parts or is_sharded(tensor) else None


def restore_buffers(
    model: nn.Module,
    layers: Sequence[tuple[str, nn.Module]],
    written: Iterable[TensorWeight],
    *,
    is_unset: bool,
) -> None:
    """Fill the buffers of a model that nobody has set.

    What fills them is the library's own code, run on twins of its modules.

    Args:
        model: any module.
        layers: all of its modules, with their paths.
        written: the weights that have just been set.
        is_unset: whether nobody has set the model's weights either.
    """
    unsettled = unsettled_buffers(layers, written)
    if not is_unset and not any(find_fault(layer, name) for _, layer, name in unsettled):
        return
    for buffer, values in buffer_values(model, [place[1:] for place in unsettled]):
        with torch.no_grad():
            buffer.copy_(values)


def buffer_values(
    model: nn.Module, buffers: Iterable[tuple[nn.Module, str]]
) -> list[tuple[Tensor, Tensor]]:
    """Find what a library's own code fills buffers with, on twins of its modules.

    Args:
        model: any module; it may be on the meta device.
        buffers: the layer of each, and its name in that.

    Returns:
        The buffers whose values are found, each with them.
    """
    places = list(buffers)
    names: dict[int, tuple[nn.Module, list[str]]] = {}
    for layer, name in places:
        names.setdefault(id(layer), (layer, []))[1].append(name)
    code = InitializingCode(Twins(model), model)
    code.run(tuple(names.values()))
    found = []
    for layer, name in places:
        values = _values_of(code.twins, layer, name)
        buffer = layer._buffers[name]  # noqa: SLF001 (no names are joined)
        if values is not None and buffer is not None and values.shape == buffer.shape:
            found.append((buffer, values))
    return found


def _values_of(twins: Twins, layer: nn.Module, name: str) -> Tensor | None:
    """Return what code has written into a buffer; None where that cannot be told."""
    twin = vars(twins.of(layer))["_buffers"].get(name)
    recorder = twins.recorder
    if twin is None or not recorder.is_written(twin) or key_of(twin) in recorder.doubted:
        return None
    content = recorder.content(twin)
    if isinstance(content, Copied):
        twin = content.tensor
    elif content is not None:
        return None
    values: Tensor = twin.detach()
    return None if values.is_meta or bool(values.isnan().any()) else values
