"""What a layer stores: the descriptions of all known layers, and the lookup of one's tensors."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from fanwise.adapters.descriptions import checked_description, listed_weights, present_weights
from fanwise.adapters.layer_weights import LayerWeight, Shape
from fanwise.adapters.torch.layers.computations import find_computed
from fanwise.adapters.torch.layers.computed import ComputedWeight
from fanwise.adapters.torch.layers.kinds import KINDS, Describe
from fanwise.adapters.torch.layers.wrappers import find_child
from fanwise.spec.errors import FanwiseError, Phrase

_descriptions: Final[dict[type[nn.Module], Describe]] = dict(KINDS)


def register_layer(cls: type[nn.Module], describe: Describe) -> None:
    """Say what a layer of one's own stores, for everything that looks at a model.

    It counts for subclasses too, goes before what is known of the children of the layer,
    and takes the place of an earlier one for the same class. What is not described of a
    layer is treated as if nothing were registered.

    Args:
        cls: the class of the layer.
        describe: gives, for such a layer, a :class:`LayerWeight` for each of its weights. A
            parameter that is described at all must be described as a whole.

    Raises:
        FanwiseError: for anything but a class of modules and a function.

    Examples:
        >>> class Scaled(nn.Module): ...
        >>> register_layer(Scaled, lambda layer: [LayerWeight("g", "scale", "torch", "norm")])
    """
    if not (isinstance(cls, type) and issubclass(cls, nn.Module)):
        raise FanwiseError("a class of torch.nn.Module", cls, "Pass the layer's class.")
    if not callable(describe):
        hint = "Pass a function of the layer that gives a LayerWeight for each weight."
        raise FanwiseError("a function", describe, hint)
    _descriptions[cls] = describe


def describe(layer: nn.Module) -> tuple[LayerWeight, ...]:
    """Describe what a layer stores now: nothing for a layer of an unknown kind.

    Left out are the weights that the layer does without.

    Raises:
        FanwiseError: where the description does not fit the layer.
    """
    return describe_tensors(layer)[0]


def describe_tensors(
    layer: nn.Module,
) -> tuple[tuple[LayerWeight, ...], dict[str, Tensor], dict[str, ComputedWeight]]:
    """Describe what a layer stores, with the tensors that are spoken of, by their names.

    Those that the layer computes have no memory, unless they are stored as they were drawn.
    """
    function = next((_descriptions[c] for c in type(layer).__mro__ if c in _descriptions), None)
    if function is None:
        return (), {}, {}
    described = listed_weights(function(layer), type(layer).__name__)
    tensors = {name: find_tensor(layer, name) for weight in described for name in weight.parameters}
    for name in (name for weight in described for name, _ in weight.followers):
        find_tensor(layer, name)
    held = {name: tensor for name, tensor in tensors.items() if tensor is not None}
    computed = {}
    for name in tensors.keys() - held.keys():
        owner, last = _owner(layer, name)
        if (source := find_computed(owner, last)) is not None:
            computed[name] = source
            held[name] = source.stand_in()
    present = present_weights(described, held)
    if any(is_lazy(tensor) for tensor in held.values()):
        return present, held, computed
    shapes = tuple([(name, tuple(tensor.shape)) for name, tensor in held.items()])
    # Functions of a description may hold its layer, which a cache would keep alive.
    check = _check.__wrapped__ if any(weight.followers for weight in present) else _check
    check(present, shapes, type(layer).__name__)
    return present, held, computed


@lru_cache(maxsize=1024)  # most models repeat their layers
def _check(
    described: tuple[LayerWeight, ...], shapes: tuple[tuple[str, Shape], ...], layer: str
) -> None:
    """Raise where a description does not fit the parameters of its layer."""
    checked_description(described, dict(shapes), layer)


def torch_class(layer: nn.Module) -> type[nn.Module] | None:
    """Return the class of torch's by whose description a layer is known; None if there is none."""
    known = next((cls for cls in type(layer).__mro__ if cls in _descriptions), None)
    return known if known is not None and _descriptions[known] is KINDS.get(known) else None


def find_tensor(layer: nn.Module, name: str) -> Tensor | None:
    """Look up the tensor under a dotted name; None where the layer has none, or computes it.

    Raises:
        FanwiseError: for a name that the layer does not know.
    """
    owner, last = _owner(layer, name) if "." in name else (layer, name)
    attributes = vars(owner)
    for table in (attributes["_parameters"], attributes["_buffers"]):
        if last in table:
            tensor: Tensor | None = table[last]
            return tensor
    if last not in attributes and not hasattr(type(owner), last):
        raise _unknown_name(layer, name)
    return None


def _owner(layer: nn.Module, name: str) -> tuple[nn.Module, str]:
    """Find the module that holds what has a dotted name, and what it calls it."""
    *way, last = name.split(".")
    owner = layer
    for word in way:
        child = find_child(owner, word)
        if child is None:
            raise _unknown_name(layer, name)
        owner = child
    return owner, last


def _unknown_name(layer: nn.Module, name: str) -> FanwiseError:
    kind = type(layer).__name__
    names = ", ".join(key for key, _ in layer.named_parameters()) or "none"
    return FanwiseError(
        f"a parameter of {kind}: {names}",
        Phrase(name),
        "Correct the description that register_layer was given.",
        context=f"The description of {kind} does not fit it",
    )
