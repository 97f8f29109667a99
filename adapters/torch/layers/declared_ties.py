"""Ties that a model of transformers declares, and that moving or materializing it has cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from torch import Tensor, nn

from fanwise.adapters.torch.drawing.memory import holds_nothing
from fanwise.adapters.torch.layers.ties import memory_key
from fanwise.spec.errors import FanwiseError, Phrase


def check_declared_ties(layers: Iterable[tuple[str, nn.Module]]) -> None:
    """Raise where weights that a model says are one are two, which would start apart.

    ``to_empty`` cuts ties, as it makes a new parameter for each name.

    Args:
        layers: all modules of the model, with their paths.
    """
    cut = [
        f"{path}{name.replace('.', '/')} and {path}{other.replace('.', '/')}"
        for path, layer in layers
        for name, other in _declared(layer)
        if _apart(_find(layer, name), _find(layer, other))
    ]
    if cut:
        hint = "Call the model's tie_weights() first."
        received = Phrase(f"separate weights: {', '.join(cut)}")
        raise FanwiseError("weights that are tied as the model declares", received, hint)


def _declared(layer: Any) -> Iterator[tuple[str, str]]:
    """Give the names of the parameters that are to be one, as transformers declares them."""
    declared = getattr(layer, "_tied_weights_keys", None)
    if not declared or not getattr(getattr(layer, "config", None), "tie_word_embeddings", False):
        return
    if isinstance(declared, Mapping):
        yield from declared.items()
        return
    # Before version 5 it lists only one of the two; the other is the table of the inputs.
    names = {id(parameter): name for name, parameter in layer.named_parameters()}
    table = getattr(layer.get_input_embeddings(), "weight", None)
    head = getattr(layer.get_output_embeddings(), "weight", None)
    if id(table) in names and id(head) in names:
        yield names[id(head)], names[id(table)]


def _find(layer: nn.Module, name: str) -> Tensor | None:
    """Look up a parameter; None for a pattern, or for one that the model does without."""
    part: Any = layer
    for word in name.split("."):
        part = getattr(part, word, None)
    return part if isinstance(part, Tensor) else None


def _apart(first: Tensor | None, second: Tensor | None) -> bool:
    if first is None or second is None or holds_nothing(first) or holds_nothing(second):
        return False
    return memory_key(first) != memory_key(second)
