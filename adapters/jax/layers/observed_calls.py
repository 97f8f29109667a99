"""The calls of the layers of a Flax or Equinox model, of which the outputs are looked at."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, wraps
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np

from fanwise.adapters.jax.layers import nnx as nnx_models
from fanwise.adapters.jax.layers.collection import Names
from fanwise.adapters.jax.layers.description import is_described
from fanwise.adapters.jax.layers.taps import Tap
from fanwise.adapters.outputs import find_floats

#: Under what a module of nnx, or of Equinox, knows how it is watched.
_MARK: Final = "_fanwise_path"
_OBSERVER: Final = "fanwise_observer"


@dataclass
class ObservedCall:
    """A call of a layer.

    Attributes:
        path, class_name: of the layer.
        known: whether its class is one that Fanwise knows.
        output: where in its output the values are that are shown.
        shape: theirs.
        tap: what passed there.
    """

    path: Names
    class_name: str
    known: bool
    output: str
    shape: tuple[int, ...]
    tap: Tap = field(default_factory=Tap)


@dataclass
class CallObserver:
    """What is seen of a model while it runs.

    Attributes:
        probe: what the gradient is asked for.
        calls: of the layers that are shown, in the order in which they ended.
        called: the paths of all modules that were called.
    """

    probe: Any
    calls: list[ObservedCall] = field(default_factory=list)
    called: set[Names] = field(default_factory=set)
    #: Of every call that is going on, its module, and whether it has called another.
    _open: list[list[Any]] = field(default_factory=list)
    _inside_known: int = 0

    def observe(
        self, module: Any, path: Names, call: Callable[[], Any], *, has_arrays: Callable[[], bool]
    ) -> Any:
        """Call a module, and let its output pass a tap where it is a layer.

        A layer is a module of a known class, which is seen whole; one that calls no others; and
        one with arrays of its own.
        """
        self.called.add(path)
        # A method of its superclass is the same call.
        if self._inside_known or (self._open and self._open[-1][0] is module):
            return call()
        if self._open:
            self._open[-1][1] = True
        self._open.append([module, False])
        known = is_described(module)
        self._inside_known += known
        try:
            output = call()
            calls_others = self._open[-1][1]
        finally:
            self._inside_known -= known
            self._open.pop()
        if known or not calls_others or has_arrays():
            return self._tapped(module, path, output, known=known)
        return output

    def _tapped(self, module: Any, path: Names, output: Any, *, known: bool) -> Any:
        arrays = find_floats(output, is_float)
        if not arrays:
            return output
        place, floats = arrays[0]
        shown = ObservedCall(path, type(module).__name__, known, place, tuple(floats.shape))
        self.calls.append(shown)
        passed = shown.tap(jnp.asarray(floats), self.probe)
        return jax.tree_util.tree_map(
            lambda leaf: passed if leaf is floats else leaf,
            output,
            is_leaf=lambda leaf: leaf is floats,
        )


def is_float(value: Any) -> bool:
    """Tell whether something is an array of JAX or NumPy that holds floats."""
    known = isinstance(value, jax.Array | np.ndarray | np.generic)
    return known and bool(jnp.issubdtype(value.dtype, jnp.floating))


def is_equinox(model: Any) -> bool:
    """Tell whether a model is a module of Equinox."""
    equinox = sys.modules.get("equinox")
    return equinox is not None and isinstance(model, equinox.Module)


@contextmanager
def watched_linen(observer: CallObserver) -> Iterator[None]:
    """Watch the modules of linen."""
    from flax import linen

    def intercept(following: Any, args: Any, kwargs: Any, context: Any) -> Any:
        module, path = context.module, tuple(context.module.path)
        if context.method_name != "__call__":
            observer.called.add(path)
            return following(*args, **kwargs)

        def has_arrays() -> bool:
            held = module.variables.get("params", {}).values()
            return any(not isinstance(value, Mapping) for value in held)

        return observer.observe(
            module, path, lambda: following(*args, **kwargs), has_arrays=has_arrays
        )

    with linen.intercept_methods(intercept):
        yield


@contextmanager
def watched_nnx(model: Any, observer: CallObserver) -> Iterator[None]:
    """Watch the modules of an nnx model, which are marked: it is to be a copy."""
    from flax import nnx

    classes: set[Any] = set()
    for path, module in nnx_models.walk_modules(model):
        # An attribute that is no array stays on what nnx's transformations make of a module.
        setattr(module, _MARK, "/".join(path))
        classes.add(type(module))

    def watched(original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            path = vars(self).get(_MARK)
            if path is None:
                return original(self, *args, **kwargs)
            return observer.observe(
                self,
                tuple(path.split("/")) if path else (),
                lambda: original(self, *args, **kwargs),
                has_arrays=lambda: any(isinstance(v, nnx.Param) for v in vars(self).values()),
            )

        return call

    callables = filter(_is_callable_class, classes)
    originals = {cls: vars(cls).get("__call__") for cls in callables}
    try:
        for cls in originals:
            cls.__call__ = watched(cls.__call__)
        yield
    finally:
        for cls, original in originals.items():
            if original is None:
                if "__call__" in vars(cls):
                    del cls.__call__
            else:
                cls.__call__ = original


def watched_equinox(node: Any, observer: CallObserver, path: Names = ()) -> Any:
    """Return a model of Equinox like another, whose modules tell the observer of their calls."""
    if isinstance(node, list | tuple) and not hasattr(node, "_fields"):
        return type(node)(_below(enumerate(node), observer, path))
    if isinstance(node, dict):
        return dict(zip(node, _below(node.items(), observer, path), strict=True))
    if not is_equinox(node) or isinstance(node, type):
        return node
    node_class: Any = type(node)
    cls = _observed_class(node_class) if _is_callable_class(type(node)) else type(node)
    copy = object.__new__(cls)
    fields = vars(node)
    for name, value in zip(fields, _below(fields.items(), observer, path), strict=True):
        object.__setattr__(copy, name, value)
    if cls is not type(node):
        object.__setattr__(copy, _OBSERVER, (observer, path))
    return copy


def _below(items: Iterable[tuple[Any, Any]], observer: CallObserver, path: Names) -> Iterator[Any]:
    return (watched_equinox(value, observer, (*path, str(name))) for name, value in items)


def _is_callable_class(cls: type) -> bool:
    return any("__call__" in vars(base) for base in cls.__mro__[:-1])


@cache
def _observed_class(cls: Any) -> Any:
    """Return a subclass whose objects tell of their calls, also after they were flattened."""
    from equinox import field as equinox_field

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        observer, path = getattr(self, _OBSERVER)
        return observer.observe(
            self,
            path,
            lambda: cls.__call__(self, *args, **kwargs),
            has_arrays=lambda: any(hasattr(v, "dtype") for v in vars(self).values()),
        )

    body = {
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__annotations__": {_OBSERVER: Any},
        _OBSERVER: equinox_field(static=True, default=None),
        "__call__": call,
    }
    return type(cls)(cls.__name__, (cls,), body)
