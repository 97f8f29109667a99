"""The weights of torch's state dicts, by names and shapes alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from fanwise.adapters.guesses.bare_parameter import Guess
from fanwise.adapters.layer_weights import LayerWeight
from fanwise.adapters.names_in_files.computed_tensors import with_computed
from fanwise.adapters.names_in_files.nodes import (
    NameNode,
    Names,
    described_weights,
    fitting,
    guessed_weights,
    nodes_of,
    shapes_without,
)
from fanwise.adapters.names_in_files.torch_models import adapted, untied
from fanwise.adapters.names_in_files.torch_nodes import (
    guesses_of,
    is_router,
    read_attention,
    read_gates,
    read_module,
    turned_modules,
)
from fanwise.adapters.names_in_files.wrappers import names_without_wrappers
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight

#: Buffers that are no weights, whatever they are called in front.
_BUFFERS: Final = re.compile(
    r"num_batches_tracked|(?:\w+_)?inv_freq|masked_bias|position_ids|relative_position_index"
    r"|relative_coords_table|e_score_correction_bias|final_logits_bias"
)
_FLOATS: Final = re.compile(r"(?:b?float|complex)\d+")


def torch_weights(tensors: Mapping[str, StoredTensor]) -> list[StoredWeight]:
    """Find the weights of a state dict.

    Args:
        tensors: by their names in it, joined by dots.
    """
    nodes = nodes_of(_named(tensors))
    turned = turned_modules(nodes.values())
    weights = []
    for node in nodes.values():
        weights += _weights_of(node, nodes, turned)
    return adapted(untied(weights))


def _named(tensors: Mapping[str, StoredTensor]) -> Iterable[tuple[Names, StoredTensor]]:
    """Give tensors with their names, without wrappers and without buffers that are no weights."""
    computed = with_computed(tensors)
    for name, names in names_without_wrappers(computed, _split).items():
        tensor = computed[name]
        if _FLOATS.match(tensor.dtype) and not _BUFFERS.fullmatch(names[-1]):
            yield names, tensor


def _split(name: str) -> Names:
    return tuple(name.split("."))


def _weights_of(
    node: NameNode, nodes: Mapping[Names, NameNode], turned: frozenset[str]
) -> list[StoredWeight]:
    """Find the weights of one module."""
    above = nodes.get(node.path[:-1]) if node.path else None
    if node.path[-1:] == ("out_proj",) and above is not None and _attention(above, nodes):
        return []
    tensors = dict(node.tensors)
    described: list[LayerWeight] = []
    if gates := read_gates(node.shapes):
        described += gates
    elif attention := _attention(node, nodes):
        described += attention
        tensors |= {f"out_proj.{n}": t for n, t in nodes[(*node.path, "out_proj")].tensors.items()}
    weights = described_weights(node.path, described, tensors)
    rest = shapes_without(node.shapes, (n for w in weights for n in w.tensors))
    if "weight" in rest:
        reading = read_module(node, rest, turned)
        if is_router(node, above) and len(rest["weight"]) == 2 and len(rest) == 1:
            why = "a kernel of a router by its name and the experts beside it"
            reading = replace(
                reading, described=(), guesses={"weight": Guess("kernel", "dense", "out in", why)}
            )
        kernel = described_weights(
            node.path, reading.described, tensors, guess=reading.guess, readings=reading.readings
        )
        if reading.guesses is not None:
            kernel = guessed_weights(node.path, reading.guesses, tensors)
        weights += kernel
        rest = shapes_without(rest, (n for w in kernel for n in w.tensors))
    weights += guessed_weights(node.path, dict(guesses_of(node, rest)), tensors)
    return weights


def _attention(node: NameNode, nodes: Mapping[Names, NameNode]) -> tuple[LayerWeight, ...]:
    """Describe torch's attention, whose last projection is a module of its own."""
    out = nodes.get((*node.path, "out_proj"))
    if out is None:
        return ()
    shapes = node.shapes | {f"out_proj.{n}": s for n, s in out.shapes.items()}
    return fitting(read_attention(shapes), shapes)
