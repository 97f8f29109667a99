"""Lists and dicts of parameters: what they hold is the module's that they are an attribute of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from torch import nn

from fanwise.adapters.guesses.bare_parameter import Guess
from fanwise.adapters.layer_weights import Shape
from fanwise.adapters.torch.layers.bare import guess_parameters

_LISTS: Final = (nn.ParameterList, nn.ParameterDict)
#: Modules that only hold others, and say nothing of what these are.
_HOLDERS: Final = (*_LISTS, nn.ModuleList, nn.ModuleDict)


class ListOwner(NamedTuple):
    """The module that a list or dict of parameters is an attribute of.

    Attributes:
        layer: the module.
        name: of the attribute.
    """

    layer: nn.Module
    name: str

    def guess_parameters(
        self, held_by: nn.Module, bare: Mapping[str, Shape]
    ) -> Mapping[str, Guess]:
        """Guess what the parameters of a list are by its name, and those of a dict by their own.

        Args:
            held_by: the list or dict.
            bare: the shapes of its parameters, by their names in it.
        """
        if isinstance(held_by, nn.ParameterDict):
            return guess_parameters(self.layer, bare)
        return {
            name: guess_parameters(self.layer, {self.name: shape})[self.name]
            for name, shape in bare.items()
        }


def owners_of_lists(model: nn.Module) -> dict[int, ListOwner]:
    """Find the owners of all lists and dicts of parameters in a model, by the ids of these.

    Args:
        model: any module; one that is itself a list or dict has no owner.
    """
    owners: dict[int, ListOwner] = {}
    for module in model.modules():
        for name, child in module._modules.items():  # noqa: SLF001 (no names are joined)
            if isinstance(child, _HOLDERS):
                within = owners.get(id(module))
                known = within or (
                    None if isinstance(module, _HOLDERS) else ListOwner(module, name)
                )
                if known is not None:
                    owners.setdefault(id(child), known)
    return owners
