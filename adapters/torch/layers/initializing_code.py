"""The code by which other libraries' models start their layers, run on the twins of a model."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from torch import nn

from fanwise.adapters.torch.layers.constructor_code import read_constructor, read_list
from fanwise.adapters.torch.layers.twins import Twins

#: Methods by which a layer starts, without arguments; the first that there is.
_OF_LAYERS: Final = ("reset_parameters", "_reset_parameters", "init_parameters")
#: Those by which a model starts what is below it, without arguments.
_OF_MODELS: Final = (
    "init_weights",
    "initialize_weights",
    "_initialize_weights",
    "_init_weights",
    "reset_parameters",
    "_reset_parameters",
)
#: Those that a model applies to each module.
_OF_EACH: Final = ("_init_weights", "init_weights", "_init_module", "init_module")
#: By this, transformers' models call ``_init_weights``, each for the modules of its own.
_TRANSFORMERS: Final = "get_expanded_tied_weights_keys"


class InitializingCode:
    """Runs what starts layers.

    Attributes:
        twins: what it is run on.
    """

    def __init__(self, twins: Twins, model: nn.Module) -> None:
        self.twins = twins
        self._modules = tuple(model.modules())
        self._parents = {id(c): p for p in self._modules for c in p.children()}
        self._ran: set[tuple[int, int, str]] = set()
        #: Keys of what models of transformers write: nothing comes after that.
        self.certain: set[int] = set()

    def run(self, asked: Sequence[tuple[nn.Module, Sequence[str]]]) -> None:
        """Run what starts layers: their constructors, their methods, those of what holds them.

        Args:
            asked: layers of the model, with the names of the parameters and buffers in them.
        """
        #: By each module that holds one of the layers, the layers and what lies between.
        below: dict[int, dict[int, nn.Module]] = {}
        for layer, names in asked:
            above = [layer, *self._above(layer)]
            for place, part in enumerate(above):
                below.setdefault(id(part), {}).update((id(m), m) for m in above[: place + 1])
            configs = (getattr(part, "config", None) for part in above)
            config = next((config for config in configs if config is not None), None)
            self._read(above, names, config)
        # A method of what holds lists or layers writes after all of their constructors.
        for layer, _ in asked:
            for part in self._starting([layer, *self._above(layer)]):
                self._run_method(part, _OF_LAYERS)
        # What is further up comes later.
        inner_first = [module for module in reversed(self._modules) if id(module) in below]
        others = [part for part in inner_first if not _is_of_transformers(part)]
        for part in others:
            self._run_method(part, _OF_MODELS)
            self._apply(part, [m for m in inner_first if id(m) in below[id(part)]])
        nearest: dict[int, list[nn.Module]] = {}
        for module in inner_first:
            above = [module, *self._above(module)]
            model = next((part for part in above if _is_of_transformers(part)), None)
            if model is not None:
                nearest.setdefault(id(model), [model]).append(module)
        for model, *modules in nearest.values():
            self._apply(model, modules)

    def _read(self, above: Sequence[nn.Module], names: Sequence[str], config: Any) -> None:
        """Read the constructor of a layer, or of what holds a list of parameters."""
        twin = self.twins.of(above[0])
        held = dict(vars(twin)["_parameters"])
        read_constructor(twin, names, self.twins.recorder, config)
        # A branch that was not taken may do without a parameter.
        vars(twin)["_parameters"].update(
            (n, p) for n, p in held.items() if vars(twin)["_parameters"].get(n) is None
        )
        if isinstance(above[0], nn.ParameterList | nn.ParameterDict):
            self._read_list(above, config)

    def _read_list(self, above: Sequence[nn.Module], config: Any) -> None:
        """Read a list of parameters in the constructor of the module that it is an attribute of."""
        held, owner = above[0], next(iter(above[1:]), None)
        name = next((n for n, c in owner.named_children() if c is held), "") if owner else ""
        if owner is not None and name:
            twins = self.twins
            read_list(twins.of(owner), name, twins.of(held), twins.recorder, config)

    def _starting(self, above: Sequence[nn.Module]) -> Iterator[nn.Module]:
        """Give a layer; of a list of parameters also what holds it, whose parameters they are."""
        for part in above:
            yield part
            if not isinstance(part, nn.ParameterList | nn.ParameterDict):
                return

    def _above(self, layer: nn.Module) -> Iterator[nn.Module]:
        while (parent := self._parents.get(id(layer))) is not None:
            yield parent
            layer = parent

    def _run_method(self, module: nn.Module, names: Sequence[str]) -> None:
        """Run the first of some methods that a class of another library has."""
        cls = type(module)
        for name in names:
            method = getattr(cls, name, None)
            if method is not None and _is_foreign(method) and _takes(method, 1):
                self._call(module, module, name, getattr(self.twins.of(module), name))
                return

    def _apply(self, model: nn.Module, modules: Sequence[nn.Module]) -> None:
        """Run what a model starts each of some modules with."""
        for name in _OF_EACH:
            method = getattr(type(model), name, None)
            if method is None or not _is_foreign(method):
                continue
            if _takes(method, 2) and not _takes(method, 1):
                bound: Callable[..., Any] = getattr(self.twins.of(model), name)
                for module in modules:
                    self._call(model, module, name, partial(bound, self.twins.of(module)))
                return

    def _call(self, model: nn.Module, module: nn.Module, name: str, run: Callable[[], Any]) -> None:
        """Run somebody's code, which may raise anything, once."""
        key = (id(model), id(module), name)
        if key not in self._ran:
            self._ran.add(key)
            with (
                contextlib.suppress(Exception, SystemExit),
                self.twins.recorder.running() as written,
            ):
                run()
                self.twins.recorder.doubted -= written
                self.certain |= written if _is_of_transformers(model) else set()


def _is_of_transformers(module: nn.Module) -> bool:
    return hasattr(type(module), _TRANSFORMERS)


def _is_foreign(method: Any) -> bool:
    """Tell whether a method is not one of torch's own."""
    return callable(method) and not getattr(method, "__module__", "").startswith("torch.")


def _takes(method: Callable[..., Any], count: int) -> bool:
    """Tell whether a method can be called with so many arguments, itself included."""
    try:
        inspect.signature(method).bind(*[None] * count)
    except (TypeError, ValueError):
        return False
    return True
