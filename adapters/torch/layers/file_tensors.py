"""The tensors of a model as its file holds them: those of ``state_dict``, each once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from torch import Tensor, nn

from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.adapters.torch.drawing.memory import holds_nothing
from fanwise.adapters.torch.layers.declared_parameters import Declarations
from fanwise.adapters.torch.layers.restored_values import buffer_values
from fanwise.adapters.torch.layers.stored_tensors import memory_of, stored_tensor


def file_tensors(
    model: nn.Module, declared: Declarations, drawn: Iterable[Tensor]
) -> dict[str, StoredTensor]:
    """List the tensors of ``state_dict``, by their first names; the others are aliases.

    Of what a model on the meta device does not draw, its own code may tell the values, as of
    tables of sines and of indices.

    Args:
        model: any module.
        declared: what its classes declare.
        drawn: the tensors of weights.
    """
    # By their memory, as weights are told apart: what was tied by .data is one tensor too.
    names: dict[Hashable, tuple[Tensor, list[str]]] = {}
    for name, tensor in _named(model):
        names.setdefault(memory_of(tensor), (tensor, []))[1].append(name)
    known = dict(declared.formulas)
    settled = {id(tensor) for tensor in drawn}
    lost = [
        (layer, name)
        for layer in model.modules()
        for name, buffer in layer._buffers.items()  # noqa: SLF001 (no names are joined)
        if buffer is not None and id(buffer) not in settled and id(buffer) in names
        if holds_nothing(buffer)
    ]
    if lost:
        known.update((id(buffer), values) for buffer, values in buffer_values(model, lost))
    tensors = {}
    for tensor, (name, *others) in names.values():
        values = known.get(id(tensor)) if holds_nothing(tensor) else None
        stored = stored_tensor(name, tensor)
        if values is not None:
            stored = replace(stored, read=stored_tensor(name, values.to(tensor.dtype)).read)
        tensors[name] = replace(stored, aliases=tuple(others))
    return tensors


def with_known_values(
    weights: Sequence[StoredWeight], tensors: Mapping[str, StoredTensor]
) -> tuple[StoredWeight, ...]:
    """Let weights be read as the tensors of the file that they lie in are.

    Args:
        weights: of a model.
        tensors: of the same model, by their names.
    """
    return tuple(
        replace(
            stored,
            tensors={key: _known(tensor, tensors) for key, tensor in stored.tensors.items()},
        )
        for stored in weights
    )


def _known(tensor: StoredTensor, tensors: Mapping[str, StoredTensor]) -> StoredTensor:
    if tensor.is_computed:
        return tensor
    names = (tensor.name, *tensor.aliases)
    held = next((tensors[name] for name in names if name in tensors), None)
    return tensor if held is None else replace(tensor, read=held.read)


def _named(model: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """Give the parameters and buffers that ``state_dict`` has, under all of their names."""
    yield from model.named_parameters(remove_duplicate=False)
    passing = {
        f"{path}.{name}" if path else name
        for path, layer in model.named_modules(remove_duplicate=False)
        for name in layer._non_persistent_buffers_set  # noqa: SLF001 (it has no other name)
    }
    for name, buffer in model.named_buffers(remove_duplicate=False):
        if name not in passing:
            yield name, buffer
