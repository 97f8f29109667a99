"""The code by which other libraries' models start their layers, run on the twins of a model."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from torch import nn

from fanwise.adapters.torch.layers.constructor_code import read_constructor
from fanwise.adapters.torch.layers.twins import Twins

#: Methods by which a layer starts, without arguments; the first that there is.
_OF_LAYERS: Final = ("reset_parameters", "_reset_parameters", "init_parameters")
#: Those by which a model starts what is below it, without arguments.
_OF_MODELS: Final = ("init_weights", "initialize_weights", "_initialize_weights", "_init_weights")
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
        self._parents = {id(c): p for p in model.modules() for c in p.children()}
        self._ran: set[tuple[int, int, str]] = set()
        self._started: set[int] = set()
        #: Keys of what models of transformers write: nothing comes after that.
        self.certain: set[int] = set()

    def run(self, layer: nn.Module, names: Sequence[str]) -> None:
        """Run what starts a layer: its constructor, its own methods, those of what holds it.

        Args:
            layer: of the model.
            names: of the parameters and buffers that are asked for.
        """
        if id(layer) in self._started:
            return
        self._started.add(id(layer))
        above = [layer, *self._above(layer)]
        recorder, twin = self.twins.recorder, self.twins.of(layer)
        config = next((c for c in (getattr(part, "config", None) for part in above) if c), None)
        read_constructor(twin, names, recorder, config)
        for part in self._starting(above):
            self._run_method(part, _OF_LAYERS)
        for part in above:
            if not _is_of_transformers(part):
                self._run_method(part, _OF_MODELS)
        for part in above:
            if not _is_of_transformers(part):
                for module in above[: above.index(part) + 1]:
                    self._apply(part, module)
        model = next((part for part in above if _is_of_transformers(part)), None)
        if model is not None:
            for module in above[: above.index(model) + 1]:
                self._apply(model, module)

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

    def _apply(self, model: nn.Module, module: nn.Module) -> None:
        """Run what a model starts each module with."""
        for name in _OF_EACH:
            method = getattr(type(model), name, None)
            if (
                method is not None
                and _is_foreign(method)
                and _takes(method, 2)
                and not _takes(method, 1)
            ):
                bound: Callable[..., Any] = getattr(self.twins.of(model), name)
                self._call(model, module, name, partial(bound, self.twins.of(module)))
                return

    def _call(self, model: nn.Module, module: nn.Module, name: str, run: Callable[[], Any]) -> None:
        """Run somebody's code, which may raise anything, once."""
        key = (id(model), id(module), name)
        if key not in self._ran:
            self._ran.add(key)
            with contextlib.suppress(Exception), self.twins.recorder.running() as written:
                run()
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
