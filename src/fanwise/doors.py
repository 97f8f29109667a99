"""What the doors of the frameworks share: the verbs, which are loaded when they are asked for.

An initializer needs a quarter of an adapter's modules. The rest is of the verbs, which take
layers and whole models. So are the initializers of the catalogue's families made when they are
asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

#: The seeds of the builds that a recipe is captured from.
SEEDS: Final = (0, 1, 2, 3)

#: The module of each verb in its adapter.
_VERBS: Final = {
    "initialize": "initialize",
    "layer_check": "signals",
    "lsuv": "lsuv",
    "paths": "paths",
    "set_initializer": "set_initializer",
    "summary": "summary",
    "unwritten": "unwritten",
    "write": "write",
}
#: What makes the initializers of the schemes that few programs need.
_SCHEMES: Final = "initializers.catalogue"
#: What one describes a layer of one's own by.
_DESCRIPTIONS: Final = "fanwise.adapters.layer_weights"


def places(
    adapter: str, *, registry: str, also: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """Name what a door loads when it is asked for, each with the module that has it.

    Args:
        adapter: ``"fanwise.adapters.torch"``.
        registry: the module of the adapter that registers layers.
        also: what this adapter alone has, each with the module of it.
    """
    return {
        **{verb: f"{adapter}.{module}" for verb, module in _VERBS.items()},
        "register_layer": f"{adapter}.{registry}",
        **{name: f"{adapter}.{module}" for name, module in also.items()},
        "LayerWeight": _DESCRIPTIONS,
        "Span": _DESCRIPTIONS,
        **dict.fromkeys(import_module(f"{adapter}.{_SCHEMES}").LATER, f"{adapter}.{_SCHEMES}"),
    }


def loader(door: str, places: Mapping[str, str]) -> Callable[[str], Any]:
    """Make the ``__getattr__`` of a door, which loads a name once.

    Args:
        door: the public module, ``"fanwise.torch"``.
        places: the names, each with the module that has it.
    """

    def load(name: str) -> Any:
        module = sys.modules[door]
        if name not in places:
            message = f"module {door!r} has no attribute {name!r}"
            raise AttributeError(message, name=name, obj=module)
        value = getattr(import_module(places[name]), name)
        setattr(module, name, value)
        return value

    return load
