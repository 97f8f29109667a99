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
from fanwise.adapters.summary import STATISTICS
from fanwise.adapters.torch.layers.bare import AXES, guess_parameters, with_code_read
from fanwise.adapters.torch.layers.classes import class_name
from fanwise.adapters.torch.layers.computed import ComputedWeight
from fanwise.adapters.torch.layers.declared_starts import declared_start, drawn_again
from fanwise.adapters.torch.layers.description import describe_tensors, find_tensor
from fanwise.adapters.torch.layers.obstacles import find_obstacle, packed_weights
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.adapters.torch.layers.ties import shared_once
from fanwise.adapters.torch.layers.wrappers import named_layers
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.roles import FAN_ROLES
from fanwise.spec.weights import Weight


def model_weights(model: nn.Module, path: str | None = None) -> tuple[TensorWeight, ...]:
    """Find all weights of a model: its parameters and running statistics, shared ones once.

    Args:
        model: any module.
        path: of the module in the model that it is a layer of.

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
    known: set[int] = set()
    weights: list[TensorWeight] = []
    for prefix, layer in layers:
        described = _described_weights(layer, prefix)
        # What a weight is computed from lies in a module below its layer.
        known.update(
            id(source) for stored in described if stored.computed for source in stored.sources
        )
        weights += described
        weights += _other_parameters(layer, prefix, known | _ids(described))
        weights += [_packed_weight(layer, prefix, name) for name in packed_weights(layer)]
    return shared_once(drawn_again(model, weights))


def other_tensors(
    model: nn.Module, weights: Sequence[TensorWeight], planned: Iterable[TensorWeight]
) -> tuple[str, ...]:
    """Name what a model keeps besides its weights: buffers, and tensors that are neither.

    Args:
        model: any module.
        weights: all of its weights.
        planned: those that are set, and with them what follows them.
    """
    known = {id(tensor) for stored in weights for tensor in stored.every_tensor()}
    known |= {
        id(find_tensor(place.layer, name))
        for stored in planned
        for place in stored.places
        for name, _ in place.description.followers
    }
    computed = {(id(stored.layer), name) for stored in weights for name in stored.computed}
    names: dict[int, str] = {}
    for path, layer in named_layers(model):
        for name, member in (*layer.named_buffers(recurse=False), *vars(layer).items()):
            if not isinstance(member, Tensor) or (id(layer), name) in computed:
                continue
            if member.is_leaf and id(member) not in known:
                names.setdefault(id(member), path + name)
    return tuple(names.values())


def check_python(model: object) -> None:
    """Raise for TorchScript modules, whose layers can no longer be recognized."""
    layers = named_layers(model) if isinstance(model, nn.Module) else ()
    scripts = [
        path.removesuffix("/") or type(layer).__name__
        for path, layer in layers
        if isinstance(layer, torch.jit.ScriptModule)
    ]
    if scripts:
        hint = "Pass the module that torch.jit was given: the two share their weights."
        received = Phrase(f"modules of TorchScript: {', '.join(scripts)}")
        raise FanwiseError("Python modules", received, hint)


def _check_shaped(layers: Sequence[tuple[str, nn.Module]]) -> None:
    """Raise for tensors that do not have their shape yet, all of them at once."""
    lazy = [
        f"{path}{name}"
        for path, layer in layers
        for table in (layer._parameters, layer._buffers)  # noqa: SLF001 (no names are joined)
        for name, tensor in table.items()
        if is_lazy(tensor)
    ]
    if lazy:
        hint = "Run one batch through the model first, so that its shapes are known."
        received = Phrase(f"uninitialized {', '.join(lazy)}")
        raise FanwiseError("weights with a shape", received, hint)


def _ids(weights: Iterable[TensorWeight]) -> set[int]:
    return {id(tensor) for stored in weights for tensor in stored.tensors.values()}


def _described_weights(layer: nn.Module, prefix: str) -> list[TensorWeight]:
    """List the weights that a layer is known to store."""
    descriptions, held, computed = describe_tensors(layer)
    tensors = {d.path: {name: held[name] for name in d.parameters} for d in descriptions}
    kernels = {
        d.path: _weight(d, tensors[d.path], prefix) for d in descriptions if d.role in FAN_ROLES
    }
    weights = []
    for description in descriptions:
        path, held_in = description.path, tensors[description.path]
        sources = {name: computed[name] for name in held_in if name in computed} if computed else {}
        weight = kernels.get(path)
        if weight is None:
            beside = None if description.beside is None else kernels[description.beside]
            weight = _weight(description, held_in, prefix, beside)
        weights.append(_with_facts(weight, description, held_in, layer, sources))
    return weights


def _weight(
    description: LayerWeight,
    tensors: Mapping[str, Tensor],
    prefix: str,
    kernel: Weight | None = None,
) -> Weight:
    """Return a weight as a recipe sees it; a bias has the fans of the kernel beside it."""
    shape = description.shape_in({name: tuple(tensor.shape) for name, tensor in tensors.items()})
    # Not those of a flat piece, which cannot be set.
    if kernel is not None and len(kernel.shape) >= 2:
        beside, first_in = kernel.fans, kernel.first_in
    else:
        bilinear = description.kind == "bilinear" and len(shape) == 3
        beside, first_in = None, shape[1] if bilinear else None
    return Weight(
        prefix + description.path,
        shape,
        description.axes,
        description.role,
        description.kind,
        description.groups,
        beside,
        first_in,
    )


def _with_facts(
    weight: Weight,
    description: LayerWeight,
    tensors: Mapping[str, Tensor],
    layer: nn.Module,
    computed: Mapping[str, ComputedWeight],
) -> TensorWeight:
    """Add to a weight the class of its layer, what that declares, and what its tensors tell.

    They tell whether it trains, and what keeps it from being set.
    """
    stored = TensorWeight(weight, description, tensors, layer, computed)
    trains = any(source.requires_grad for source in stored.sources)
    if weight.role in STATISTICS:
        # They change with the rest of their layer.
        parameters = list(layer.parameters(recurse=False))
        trains = not parameters or any(parameter.requires_grad for parameter in parameters)
    told = replace(
        weight,
        trains=trains,
        obstacle=find_obstacle(stored),
        class_name=class_name(layer),
        own=declared_start(layer, weight, description.path),
    )
    told = with_code_read(layer, told, description.parameters[0])
    return TensorWeight(told, description, tensors, layer, computed)


def _other_parameters(
    layer: nn.Module, prefix: str, known: Collection[int]
) -> Iterator[TensorWeight]:
    """Give the other parameters of a module, as what they are by their names and shapes."""
    bare = {n: p for n, p in layer.named_parameters(recurse=False) if id(p) not in known}
    guesses = guess_parameters(layer, bare) if bare else {}
    weights = {
        name: _guessed_weight(guess, prefix + name, tuple(bare[name].shape))
        for name, guess in guesses.items()
    }
    for name, guess in guesses.items():
        weight = weights[name]
        if guess.beside is not None:
            weight = replace(weight, beside=weights[guess.beside].fans)
        yield _with_facts(weight, _of_parameter(name, guess.axes), {name: bare[name]}, layer, {})


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
    weight = Weight(prefix + name, (), AXES, "", PARAMETER)
    return _with_facts(weight, _of_parameter(name, AXES), {}, layer, {})
