"""What is seen of a Flax linen module while it is traced: its calls, and their variables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from fanwise.adapters.jax.layers.array_laws import ArrayLaw
from fanwise.adapters.jax.layers.collection import Names
from fanwise.adapters.jax.layers.initializer_functions import read_call
from fanwise.adapters.jax.layers.kinds import WRAPPERS
from fanwise.adapters.jax.layers.registry import class_names

#: The collection of what trains.
PARAMS: Final = "params"
#: The method that makes a parameter, and its option that is none of the initializer's.
_PARAM: Final = "param"
_UNBOX: Final = "unbox"
#: What Flax calls its own check of a setup, in which a module has no path yet.
_CHECK: Final = "<lambda>"


@dataclass
class _Call:
    """A call of a module that is going on.

    Attributes:
        module, path: of what is called.
        names: what a wrapper calls the modules that it holds, in the order of their use.
        seen: the paths of those that were called within it.
    """

    module: Any
    path: Names
    names: list[str]
    seen: list[Names] = field(default_factory=list)


@dataclass
class Watch:
    """What is seen of a module while it is traced.

    Attributes:
        top: the module itself.
        modules: every module that is called, under its path, in the order of the calls.
        shapes: of every variable as its module sees it, by collection and path.
        laws: what each parameter is drawn by, by collection and path.
        aliases: the canonical paths of what a wrapper holds.
        lifted: the paths of what is called by a transformation.
    """

    top: Any
    modules: dict[Names, Any] = field(default_factory=dict)
    shapes: dict[Names, tuple[int, ...]] = field(default_factory=dict)
    laws: dict[Names, ArrayLaw] = field(default_factory=dict)
    aliases: dict[Names, Names] = field(default_factory=dict)
    lifted: set[Names] = field(default_factory=set)
    _calls: list[_Call] = field(default_factory=list)

    def __call__(self, call: Callable[..., Any], args: Any, kwargs: Any, context: Any) -> Any:
        """Intercept the call of a method."""
        module = context.module
        if context.method_name == _CHECK or module.scope is None:
            return call(*args, **kwargs)
        path = tuple(module.path)
        self._place(module, path)
        self._calls.append(_Call(module, path, _inner_names(module)))
        try:
            with self._watched_parameters(module, path):
                result = call(*args, **kwargs)
        finally:
            self._calls.pop()
        self._see(module, path, kwargs)
        return result

    def _place(self, module: Any, path: Names) -> None:
        """Note what a wrapper that holds the module calls it, and its place in the order."""
        # A transformation calls a copy, which has a scope for its parent; so does init.
        copied = all(call.module is not module for call in self._calls)
        began = not self._calls and type(module) is type(self.top)
        if copied and not began and not hasattr(module.parent, "scope"):
            self.lifted.add(path)
        if self._calls:
            outer = self._calls[-1]
            if path not in (outer.path, *outer.seen):
                outer.seen.append(path)
                place = len(outer.seen) - 1
                if place < len(outer.names) and path not in self.modules:
                    name = outer.names[place]
                    self.aliases[path] = (*outer.path, name) if name else outer.path
        self.modules.setdefault(path, None)

    @contextmanager
    def _watched_parameters(self, module: Any, path: Names) -> Iterator[None]:
        """Note what the parameters of a module are drawn by, as long as it is called."""
        if _PARAM in vars(module):
            # It is called by itself.
            yield
            return
        make = module.param

        def param(name: str, init_fn: Any, *arguments: Any, **keywords: Any) -> Any:
            given = {key: value for key, value in keywords.items() if key != _UNBOX}
            self.laws.setdefault((PARAMS, *path, name), read_call(init_fn, arguments, given))
            return make(name, init_fn, *arguments, **keywords)

        # Of the module alone, which is a copy that Flax made for this trace.
        object.__setattr__(module, _PARAM, param)
        try:
            yield
        finally:
            object.__delattr__(module, _PARAM)

    def _see(self, module: Any, path: Names, kwargs: Mapping[str, Any]) -> None:
        if self.modules[path] is None or kwargs.get("einsum_str"):
            equation = kwargs.get("einsum_str")
            self.modules[path] = module.clone(einsum_str=equation) if equation else module
        for collection, variables in module.variables.items():
            for name, value in variables.items():
                if not isinstance(value, Mapping):
                    self.shapes[(collection, *path, name)] = _unboxed(value).shape

    def canonical(self, path: Names) -> Names:
        """Return a path with what wrappers call their modules."""
        for end in range(len(path), -1, -1):
            target = self.aliases.get(path[:end])
            if target is not None:
                return (*self.canonical(target), *path[end:])
        return path


def _inner_names(module: Any) -> list[str]:
    for name in class_names(module):
        if name in WRAPPERS:
            return list(WRAPPERS[name].values())
    return []


def _unboxed(value: Any) -> Any:
    return value.unbox() if hasattr(value, "unbox") else value
