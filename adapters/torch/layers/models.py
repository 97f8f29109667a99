"""The weights of a torch model: what its layers describe, and its other parameters."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from fanwise.adapters.guesses.bare_parameter import Guess
from fanwise.adapters.layer_weights import PARAMETER, LayerWeight
from fanwise.adapters.torch.drawing.partitions import Group
from fanwise.adapters.torch.layers.bare import AXES, guess_parameters, with_code_read
from fanwise.adapters.torch.layers.computations import computed_names, find_computed
from fanwise.adapters.torch.layers.computed import ComputedWeight
from fanwise.adapters.torch.layers.declared_starts import drawn_again
from fanwise.adapters.torch.layers.description import describe_tensors, find_tensor
from fanwise.adapters.torch.layers.layer_facts import LayerFacts, sketches
from fanwise.adapters.torch.layers.lists import ListOwner, owners_of_lists
from fanwise.adapters.torch.layers.obstacles import packed_weights
from fanwise.adapters.torch.layers.partitioned import find_partitions, whole_shapes
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.adapters.torch.layers.ties import shared_once
from fanwise.adapters.torch.layers.wrappers import named_layers
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.weights import Weight


def model_weights(
    model: nn.Module, path: str | None = None, group: Group = None
) -> tuple[TensorWeight, ...]:
    """Find all weights of a model: its parameters and running statistics, shared ones once.

    Args:
        model: any module.
        path: of the module in the model that it is a layer of.
        group: of the ranks that share what layers cut themselves; None for what those say.

    Raises:
        FanwiseError: for anything but a module, for parameters without a shape, for a
            description that does not fit its layer, and for layers that share a tensor and
            contradict each other about it.
    """
    if not isinstance(model, nn.Module):
        raise FanwiseError("a torch.nn.Module", Phrase(type(model).__name__), "Pass the model.")
    start = "" if path is None else f"{path}/"
    layers = [(start + below, layer) for below, layer in named_layers(model)]
    _check_shaped(layers)
    owners = owners_of_lists(model)
    known: set[int] = set()
    weights: list[TensorWeight] = []
    for prefix, layer in layers:
        described = _described_weights(layer, prefix, group)
        computed = _other_computed(layer, described)
        # What a weight is computed from lies in its layer too, or in a module below it.
        known.update(id(s) for stored in described if stored.computed for s in stored.sources)
        known.update(id(s) for source in computed.values() for s in source.originals)
        weights += described
        others = _other_parameters(layer, prefix, known | _ids(described), computed, owners, group)
        weights += others
        weights += [_packed_weight(layer, prefix, name) for name in packed_weights(layer)]
    return shared_once(drawn_again(model, weights))


def other_tensors(
    layers: Iterable[tuple[str, nn.Module]],
    weights: Sequence[TensorWeight],
    planned: Iterable[TensorWeight],
) -> tuple[str, ...]:
    """Name what a model keeps besides its weights: buffers, and tensors that are neither.

    Args:
        layers: all modules of the model, with their paths.
        weights: all of its weights.
        planned: those that are set, and with them what follows them.
    """
    held = []
    for path, layer in layers:
        attributes = vars(layer)
        members = (*attributes["_buffers"].items(), *attributes.items())
        held += [(path, layer, *pair) for pair in members if isinstance(pair[1], Tensor)]
    if not held:
        return ()
    known = {id(tensor) for stored in weights for tensor in stored.every_tensor()}
    known |= {
        id(find_tensor(place.layer, name))
        for stored in planned
        for place in stored.places
        for name, _ in place.description.followers
    }
    places = [place for stored in weights for place in stored.places if place.computed]
    computed = {(id(place.layer), name) for place in places for name in place.computed}
    known |= {
        id(tensor)
        for stored in planned
        for place in stored.places
        for source in place.computed.values()
        for tensor in source.renewed()
    }
    names: dict[int, str] = {}
    for path, layer, name, tensor in held:
        if (id(layer), name) not in computed and tensor.is_leaf and id(tensor) not in known:
            names.setdefault(id(tensor), path + name)
    return tuple(names.values())


def check_python(model: object) -> None:
    """Raise for TorchScript modules, whose layers can no longer be recognized."""
    if not isinstance(model, nn.Module) or not any(map(_is_script, model.modules())):
        return
    scripts = [
        path.removesuffix("/") or type(layer).__name__
        for path, layer in named_layers(model)
        if _is_script(layer)
    ]
    hint = (
        "Initialize before torch.jit, or pass the module that it was given: the two share their "
        "weights."
    )
    received = Phrase(f"modules of TorchScript: {', '.join(scripts)}")
    raise FanwiseError("Python modules", received, hint)


def _is_script(layer: nn.Module) -> bool:
    return isinstance(layer, torch.jit.ScriptModule)


def _check_shaped(layers: Sequence[tuple[str, nn.Module]]) -> None:
    """Raise for tensors without a shape, all of them at once."""
    lazy = [
        f"{path}{name}"
        for path, layer in layers
        for table in (layer._parameters, layer._buffers)  # noqa: SLF001 (no names are joined)
        for name, tensor in table.items()
        if is_lazy(tensor)
    ]
    nested = [
        f"{path}{name}"
        for path, layer in layers
        for name, tensor in layer._parameters.items()  # noqa: SLF001 (as above)
        if tensor is not None and tensor.is_nested and tensor.layout is torch.strided
    ]
    if nested:
        hint = "Keep a parameter for each of their tensors, as in an nn.ParameterList."
        received = Phrase(f"nested tensors, {', '.join(nested)}")
        raise FanwiseError("weights with one shape", received, hint)
    if lazy:
        hint = "Run one batch through the model first, so that its shapes are known."
        received = Phrase(f"uninitialized {', '.join(lazy)}")
        raise FanwiseError("weights with a shape", received, hint)


def _ids(weights: Iterable[TensorWeight]) -> set[int]:
    return {id(tensor) for stored in weights for tensor in stored.tensors.values()}


def _described_weights(layer: nn.Module, prefix: str, group: Group) -> list[TensorWeight]:
    """List the weights that a layer is known to store."""
    descriptions, held, computed = describe_tensors(layer)
    if not descriptions:
        return []
    partitions = find_partitions(layer, held, group)
    shapes = whole_shapes(held, partitions)
    facts = LayerFacts(layer, prefix)
    weights = []
    for description, sketch in zip(descriptions, sketches(descriptions, shapes), strict=True):
        tensors = {name: held[name] for name in description.parameters}
        weight = with_code_read(layer, sketch, description.parameters[0])
        sources = {name: computed[name] for name in tensors if name in computed} if computed else {}
        weights.append(facts.stored(weight, description, tensors, sources, partitions))
    return weights


def _other_computed(
    layer: nn.Module, described: Sequence[TensorWeight]
) -> Mapping[str, ComputedWeight]:
    """Return what a module computes besides its known weights, by the names of the weights."""
    names = computed_names(layer)
    if not names:
        return {}
    known = {name for stored in described for name in stored.computed}
    found = {name: find_computed(layer, name) for name in names if name not in known}
    return {name: source for name, source in found.items() if source is not None}


def _other_parameters(
    layer: nn.Module,
    prefix: str,
    known: Collection[int],
    computed: Mapping[str, ComputedWeight],
    owners: Mapping[int, ListOwner],
    group: Group,
) -> Iterator[TensorWeight]:
    """Give the other parameters of a module, as what they are by their names and shapes.

    Those of a list or dict of parameters are what they would be in the module that holds it.
    """
    parameters = layer._parameters.values()  # noqa: SLF001 (no names are joined)
    if not computed and all(p is None or id(p) in known for p in parameters):
        return
    bare = {n: p for n, p in layer.named_parameters(recurse=False) if id(p) not in known}
    bare |= {name: source.stand_in() for name, source in computed.items()}
    owner = owners.get(id(layer))
    facts = LayerFacts(layer, prefix, None if owner is None else owner.layer)
    partitions = find_partitions(layer, bare, group)
    shapes = dict(whole_shapes(bare, partitions))
    guesses = (guess_parameters if owner is None else owner.guess_parameters)(layer, shapes)
    guessed = {name: _guessed_weight(guess, name, shapes[name]) for name, guess in guesses.items()}
    for name, guess in guesses.items():
        sketch = guessed[name]
        if guess.beside is not None:
            sketch = replace(sketch, beside=guessed[guess.beside].fans)
        source = {name: computed[name]} if name in computed else {}
        description = _of_parameter(name, guess.axes)
        yield facts.stored(sketch, description, {name: bare[name]}, source, partitions)


@lru_cache(maxsize=4096)  # most models repeat their layers
def _of_parameter(name: str, axes: str) -> LayerWeight:
    """Describe a parameter of no known layer."""
    return LayerWeight(name, name, axes, kind=PARAMETER)


def _guessed_weight(guess: Guess, path: str, shape: tuple[int, ...]) -> Weight:
    return Weight(
        path,
        shape,
        guess.axes,
        guess.role,
        guess.kind,
        guess=guess.why,
        readings=guess.readings,
    )


def _packed_weight(layer: nn.Module, prefix: str, name: str) -> TensorWeight:
    """Stand for a weight that is out of reach, so that it is not passed over."""
    sketch = Weight(name, (), AXES, "", PARAMETER)
    return LayerFacts(layer, prefix).stored(sketch, _of_parameter(name, AXES), {}, {})
