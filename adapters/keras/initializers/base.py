"""What all initializers of this adapter share: where they draw, and by which engine."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, Final, TypeVar

import keras
from keras.src.backend import in_symbolic_scope
from keras.src.random.seed_generator import make_default_seed

from fanwise.adapters.engines import Engine, checked_engine
from fanwise.adapters.keras.drawing import layouts, native, portable
from fanwise.adapters.keras.drawing.dtypes import dtype_name, itemsize
from fanwise.adapters.keras.drawing.streams_in_use import note_stream
from fanwise.adapters.layer_weights import LayerWeight
from fanwise.core.dtypes import check_bytes, format_of
from fanwise.core.keys import checked_seed, path_counter
from fanwise.core.sampler import check_law
from fanwise.spec.axes import COUNTED, checked_pattern, checked_shape, layout
from fanwise.spec.resolved import Resolved, resolve
from fanwise.spec.scheme import Scheme

PACKAGE: Final = "fanwise"
ENGINES: Final = {Engine.PORTABLE: portable.draw, Engine.NATIVE: native.draw}
#: What a seed may be; a dict is the config of a generator.
Seed = int | keras.random.SeedGenerator | dict[str, Any] | None

_Function = TypeVar("_Function", bound=Callable[..., Any])
_Class = TypeVar("_Class", bound=type)


def registered(cls: _Class) -> _Class:
    """Register a class with Keras, under a name that Keras has for nothing of its own.

    A config names a class twice, and where the registered name is unknown since nothing has
    imported this package, Keras takes the name of the class: of its own HeNormal, for ours.
    """
    keras.saving.register_keras_serializable(package=PACKAGE)(cls)
    cls.__name__ = keras.saving.get_registered_name(cls)
    return cls


def _untraced() -> Callable[[_Function], _Function]:
    """Have a function run as it stands inside of a compiled one.

    autograph and dynamo would rewrite the host's NumPy code, whose result is a constant.
    """
    if keras.config.backend() == "tensorflow":
        import tensorflow as tf

        return tf.autograph.experimental.do_not_convert  # type: ignore[no-any-return]
    if keras.config.backend() == "torch":
        import torch

        return torch.compiler.disable  # type: ignore[no-any-return]
    return lambda function: function


def _is_compiling() -> Callable[[], bool]:
    """Return what tells whether autograph or dynamo may be rewriting what runs."""
    if keras.config.backend() == "tensorflow":
        import tensorflow as tf

        return lambda: not tf.executing_eagerly()
    if keras.config.backend() == "torch":
        import torch

        return torch.compiler.is_compiling  # type: ignore[no-any-return]
    return lambda: False


untraced = _untraced()
is_compiling = _is_compiling()


class Drawn(keras.initializers.Initializer):
    """An initializer that draws a scheme.

    Attributes:
        path: the weight's path in its model; every path has a stream of its own.
        axes: the role of each axis of the weight, a pattern or its name.
        engine: ``"portable"``, or ``"native"`` for the samplers of Keras.
        seed: an integer or a ``keras.random.SeedGenerator``.
    """

    default_axes: ClassVar[str] = "kernel"
    engine: Engine
    path: str | None
    axes: str
    #: For those that draw nothing.
    seed: Any = 0
    _init_seed: Any = None

    @property
    def scheme(self) -> Scheme:
        """What is drawn."""
        return self._scheme()

    def __call__(self, shape: Any, dtype: Any = None, layout: Any = None) -> Any:
        """Draw a weight.

        Args:
            shape: its shape.
            dtype: its dtype; None is ``keras.config.floatx()``.
            layout: how it is spread over devices, on the JAX backend: a
                ``keras.distribution.TensorLayout`` or a sharding of JAX.

        Raises:
            FanwiseError: where the scheme has no meaning on the shape or the dtype.
        """
        return self._draw(shape, dtype, layout)

    def resolved_for(self, weight: LayerWeight, stored: tuple[int, ...]) -> Resolved:
        """Return what it draws a weight of a layer from.

        Args:
            weight: where it lies in the parameter that the initializer draws.
            stored: the shape of the parameter.
        """
        del weight
        return resolve(self._scheme_on(stored), stored, self._axes_on(stored))

    @untraced
    def _draw(self, shape: Any, dtype: Any, layout: Any) -> Any:
        sizes = checked_shape(shape)
        resolved = resolve(self._scheme_on(sizes), sizes, self._axes_on(sizes))
        dtype = format_of(dtype_name(dtype)).name
        check_bytes(sizes, itemsize(dtype))
        self._note(resolved, self.path)
        draw = partial(ENGINES[self.engine], resolved, dtype, path=self.path)
        if layout is None:
            return draw(seed=self.seed)
        seed = portable.needed_seed(resolved.law, self.seed)
        is_known = not isinstance(seed, keras.random.SeedGenerator)
        part = None
        if self.engine is Engine.PORTABLE:
            seed, is_known = portable.number(seed), True
            check_law(resolved.law, dtype, self.path)
            part = portable.host_part(resolved, dtype, seed=seed, path=self.path)
        draw = partial(draw, seed=seed)
        return layouts.spread(draw, sizes, layout, is_known=is_known, part=part)

    def _note(self, resolved: Resolved, path: str | None) -> None:
        """Remember the stream of a weight that is about to be drawn, where a seed was given."""
        if self._init_seed is not None and resolved.layout.size and not in_symbolic_scope():
            is_given = self._is_path_given()
            note_stream(resolved.law, self.seed, path, is_path_given=is_given, initializer=self)

    def _is_path_given(self) -> bool:
        """Tell whether the caller has chosen the path."""
        return self.path is not None

    def get_config(self) -> dict[str, Any]:
        """The keys of Keras, and path, axes and engine where they are set."""
        defaults = {"path": None, "axes": self.default_axes, "engine": "portable"}
        values = {"path": self.path, "axes": self.axes, "engine": str(self.engine)}
        given = {key: value for key, value in values.items() if value != defaults[key]}
        return {**super().get_config(), **given}

    def _scheme(self) -> Scheme:
        raise NotImplementedError

    def _set_place(self, path: str | None, axes: str, engine: str) -> None:
        """Take where the weight draws, and by which engine."""
        path_counter(path)
        self.engine = checked_engine(engine)
        self.path, self.axes = path, _checked_axes(axes)

    def _set_seed(self, seed: Any) -> None:
        """Take a seed as Keras's own initializers do."""
        self._init_seed = seed
        if seed is None:
            seed = default_seed()
        elif isinstance(seed, dict):
            seed = keras.saving.deserialize_keras_object(seed)
        if isinstance(seed, keras.random.SeedGenerator):
            self.seed = seed
        else:
            # The native engine takes any integer that Keras does, unless a path is mixed in.
            free = self.engine is Engine.NATIVE and self.path is None and type(seed) is int
            self.seed = seed if free else checked_seed(seed)

    def _scheme_on(self, shape: tuple[int, ...]) -> Scheme:
        del shape
        return self.scheme

    def _axes_on(self, shape: tuple[int, ...]) -> str:
        del shape
        return self.axes


def checked_seeds(seed: Any) -> Any:
    """Return an integer seed once it is checked, or a generator of seeds as it is."""
    return seed if isinstance(seed, keras.random.SeedGenerator) else checked_seed(seed)


def default_seed() -> int:
    """Draw a seed as Keras's own initializers draw it where none is given."""
    return int(make_default_seed())


def _checked_axes(axes: str) -> str:
    """Read the words of axes, on a shape that any pattern fits, and return the axes as given."""
    words = re.sub(r"\([^()]*\)", " split ", checked_pattern(axes)).split()
    layout((0,) * sum(word not in COUNTED for word in words), axes)
    return axes
