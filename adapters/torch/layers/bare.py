"""Parameters of modules that nothing is known of: what can be seen of them, and what that says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

from torch import nn

from fanwise.adapters.class_names import dotted_name
from fanwise.adapters.guesses.bare_parameter import ONE_PLUS, BareParameter, Guess
from fanwise.adapters.guesses.code import source_of
from fanwise.adapters.guesses.norms import adds_one
from fanwise.adapters.guesses.parameters import guess_parameter
from fanwise.adapters.layer_weights import Shape
from fanwise.adapters.torch.layers.classes import written_class
from fanwise.adapters.torch.layers.description import torch_class
from fanwise.spec.weights import Weight

#: How the axes of a parameter of no known layer are read, as torch.nn.init reads them.
AXES: Final = "torch"
#: What the sizes and flags of a module are.
_NUMBERS: Final = (int, bool)


class _Looks(NamedTuple):
    """What guesses about a module are made from."""

    cls: type[nn.Module]
    shapes: tuple[tuple[str, Shape], ...]
    numbers: tuple[tuple[str, int], ...]


def guess_parameters(layer: nn.Module, bare: Mapping[str, Shape]) -> Mapping[str, Guess]:
    """Guess what the parameters of a module are of which nothing is known.

    Args:
        layer: the module.
        bare: the shapes of the parameters in the whole model, by their names in it.
    """
    shapes = tuple(bare.items())
    numbers = ((name, value) for name, value in vars(layer).items() if type(value) in _NUMBERS)
    return _guesses(_Looks(written_class(layer), shapes, tuple(numbers)))


def with_code_read(layer: nn.Module, weight: Weight, name: str) -> Weight:
    """Return a gain as what it is where a subclass of torch's norms runs by code of its own.

    Args:
        layer: any module.
        weight: of the layer, as torch's own class has it.
        name: of the parameter that holds it.
    """
    cls, known = written_class(layer), torch_class(layer)
    if (weight.role, weight.kind) != ("scale", "norm") or known is None:
        return weight
    if cls.forward is known.forward or not _is_added_to_one(_Looks(cls, ((name, ()),), ())):
        return weight
    why = f"a gain of {cls.__name__}, which adds 1 to it"
    return replace(weight, kind=ONE_PLUS, guess=why)


@lru_cache(maxsize=1024)
def _is_added_to_one(looks: _Looks) -> bool:
    """Tell it of the one parameter that is looked at."""
    cls, ((name, _),) = looks.cls, looks.shapes
    source = source_of(getattr(cls, "forward", None))
    return adds_one(BareParameter(dotted_name(cls), name, (), {}, AXES, source=source))


# Most models repeat their layers.
@lru_cache(maxsize=1024)
def _guesses(looks: _Looks) -> Mapping[str, Guess]:
    """Guess the parameters of all modules that look alike."""
    cls, shapes, numbers = looks
    source = source_of(getattr(cls, "forward", None))  # a class of TorchScript has none
    return {
        name: guess_parameter(
            dotted_name(cls),
            name,
            shape,
            dict(shapes),
            AXES,
            attributes=dict(numbers),
            source=source,
        )
        for name, shape in shapes
    }
