"""The code by which other libraries' models start their layers, run on the twins of a model."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from torch import nn

from fanwise.adapters.torch.layers.constructor_code import read_constructor
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
        self._parents = {id(c): p for p in model.modules() for c in p.children()}
        self._ran: set[tuple[int, int, str]] = set()
        #: Keys of what models of transformers write: nothing comes after that.
        self.certain: set[int] = set()

    def run(self, asked: Iterable[tuple[nn.Module, Sequence[str]]]) -> None:
        """Run what starts layers: their constructors and methods, then those of what holds them.

        What a model starts below it comes after all that its layers do, and before what the model
        does that it is a part of.

        Args:
            asked: layers of the model, with the names of the parameters and buffers asked for.
        """
        above: list[list[nn.Module]] = []
        for layer, names in asked:
            above.append([layer, *self._above(layer)])
            config = next((c for c in (getattr(p, "config", None) for p in above[-1]) if c), None)
            twin = self.twins.of(layer)
            held = dict(vars(twin)["_parameters"])
            read_constructor(twin, names, self.twins.recorder, config)
            # A branch that was not taken may do without a parameter.
            vars(twin)["_parameters"].update(
                (n, p) for n, p in held.items() if vars(twin)["_parameters"].get(n) is None
            )
            self._run_method(layer, _OF_LAYERS)
        parts = {id(part): (-number, part) for parts in above for number, part in _depths(parts)}
        for _, part in sorted(parts.values(), key=lambda pair: pair[0]):
            if not _is_of_transformers(part):
                self._run_method(part, _OF_MODELS)
        for parts_above in above:
            for part in parts_above:
                if not _is_of_transformers(part):
                    for module in parts_above[: parts_above.index(part) + 1]:
                        self._apply(part, module)
            model = next((part for part in parts_above if _is_of_transformers(part)), None)
            if model is not None:
                for module in parts_above[: parts_above.index(model) + 1]:
                    self._apply(model, module)

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
            recorder = self.twins.recorder
            with contextlib.suppress(Exception), recorder.running() as written:
                run()
                self.certain |= written if _is_of_transformers(model) else set()
                # What a constructor may have done before is of no account any more.
                recorder.doubted -= {key for key in written if recorder.is_drawn(key)}


def _depths(above: Sequence[nn.Module]) -> Iterator[tuple[int, nn.Module]]:
    """Give modules with how far they are below the last of them."""
    yield from enumerate(reversed(above))


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
