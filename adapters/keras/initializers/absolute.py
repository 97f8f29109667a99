"""The initializers of Keras whose scale does not depend on the shape: same names and arguments."""

from __future__ import annotations

import numbers
from collections.abc import Callable
from typing import Any, ClassVar, Final

import keras

from fanwise.adapters.engines import Engine, EngineName
from fanwise.adapters.keras.drawing import layouts
from fanwise.adapters.keras.drawing.dtypes import dtype_name, itemsize
from fanwise.adapters.keras.drawing.portable import LARGEST_CONSTANT
from fanwise.adapters.keras.initializers.base import Drawn, Seed, is_compiling, registered
from fanwise.core.dtypes import NAMES, check_bytes
from fanwise.core.sampler import check_law
from fanwise.spec.axes import checked_shape
from fanwise.spec.axes import layout as laid_out
from fanwise.spec.errors import FanwiseError
from fanwise.spec.registry import scheme as make
from fanwise.spec.scheme import Scheme

#: Of float64 JAX warns in the name of the function that is asked for it.
_FILLED: Final = frozenset(NAMES) - {"float64"}


class _Fixed(Drawn):
    """One that draws nothing: Keras's own call serves where the stream has no such dtype."""

    def __call__(self, shape: Any, dtype: Any = None, layout: Any = None) -> Any:
        """Draw a weight, of any dtype that Keras has."""
        if dtype_name(dtype) in NAMES and self._in_scheme():
            return super().__call__(shape, dtype, layout)
        sizes, name = checked_shape(shape), dtype_name(dtype)
        check_bytes(sizes, itemsize(name))
        self._check_fits(name)
        weight = super(Drawn, self).__call__(sizes, dtype=dtype)
        return weight if layout is None else layouts.place(weight, layout)

    def _in_scheme(self) -> bool:
        return True

    def _check_fits(self, dtype: str) -> None:
        """Raise where a dtype that the stream has not cannot hold the value."""


class _Filled(_Fixed):
    """Zeros or ones, which every backend writes as the core does, in half the time."""

    #: Of Keras: it fills a tensor of a shape and a dtype.
    _fill: ClassVar[Callable[..., Any]]

    def __call__(self, shape: Any, dtype: Any = None, layout: Any = None) -> Any:
        """Draw a weight, of any dtype that Keras has."""
        into = keras.config.floatx() if dtype is None else dtype
        is_usual = layout is None and type(into) is str and into in _FILLED
        if is_usual and self.engine is Engine.PORTABLE and not is_compiling():
            filled = laid_out(shape, self.axes)
            if filled.size <= LARGEST_CONSTANT:
                return self._fill(filled.shape, into)
            shape = filled.shape
        return super().__call__(shape, dtype, layout)


@registered
class Zeros(_Filled, keras.initializers.Zeros):
    """All zeros.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Zeros
        >>> Zeros()((2,)).tolist()
        [0.0, 0.0]

    References:
        Common usage; for biases and the last layer of a residual branch.
    """

    _fill = staticmethod(keras.ops.zeros)

    def __init__(
        self, *, path: str | None = None, axes: str = "kernel", engine: EngineName = "portable"
    ) -> None:
        self._set_place(path, axes, engine)

    def _scheme(self) -> Scheme:
        return make("zeros")


@registered
class Ones(_Filled, keras.initializers.Ones):
    """All ones.

    Args:
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Ones
        >>> Ones()((2,)).tolist()
        [1.0, 1.0]

    References:
        Ioffe & Szegedy 2015, arXiv:1502.03167, section 3 (the gain of a normalization).
    """

    _fill = staticmethod(keras.ops.ones)

    def __init__(
        self, *, path: str | None = None, axes: str = "kernel", engine: EngineName = "portable"
    ) -> None:
        self._set_place(path, axes, engine)

    def _scheme(self) -> Scheme:
        return make("ones")


@registered
class Constant(_Fixed, keras.initializers.Constant):
    """One value everywhere; an array as value is Keras's own affair.

    Args:
        value: a number, or an array of the weight's shape.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Constant
        >>> Constant(0.5)((2,)).tolist()
        [0.5, 0.5]

    References:
        Common usage.
    """

    def __init__(
        self,
        value: Any = 0.0,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: EngineName = "portable",
    ) -> None:
        self._set_place(path, axes, engine)
        self.value = value
        if self._in_scheme():
            self.scheme  # noqa: B018  (checks the value)

    def _scheme(self) -> Scheme:
        return make("constant", value=self.value)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Constant:
        """Make the initializer of a config."""
        arguments = dict(config)
        if "value" in arguments:
            arguments["value"] = keras.saving.deserialize_keras_object(arguments["value"])
        return cls(**arguments)

    def _in_scheme(self) -> bool:
        return isinstance(self.value, numbers.Real) and not isinstance(self.value, bool)

    def _check_fits(self, dtype: str) -> None:
        if not self._in_scheme() or "int" not in dtype:
            return
        bits, signed = int(dtype.rpartition("int")[2]), not dtype.startswith("u")
        low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
        if not low <= self.value <= high:
            hint = "Pass another value, or a dtype that holds it."
            raise FanwiseError(f"a value from {low} to {high} for {dtype}", self.value, hint)


@registered
class Identity(_Fixed, keras.initializers.Identity):
    """The identity matrix, times gain; what is beyond the square is zero.

    Args:
        gain: factor on the weights.
        path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import Identity
        >>> Identity(gain=2.0)((2, 3)).tolist()
        [[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]]

    References:
        Le, Jaitly & Hinton 2015, arXiv:1504.00941, section 3.
    """

    def __init__(
        self,
        gain: float = 1.0,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: EngineName = "portable",
    ) -> None:
        self._set_place(path, axes, engine)
        self.gain = gain
        self.scheme  # noqa: B018  (checks the gain)

    def __call__(self, shape: Any, dtype: Any = None, layout: Any = None) -> Any:
        """Draw a weight, of any dtype that Keras has."""
        sizes = checked_shape(shape)
        check_law(self.scheme.law(sizes, self._axes_on(sizes)))
        return super().__call__(sizes, dtype, layout)

    def _scheme(self) -> Scheme:
        return make("identity", gain=self.gain)


@registered
class RandomUniform(Drawn, keras.initializers.RandomUniform):
    """Uniform between minval and maxval.

    Args:
        minval, maxval: the ends of the interval.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import RandomUniform
        >>> weight = RandomUniform(-0.1, 0.1, seed=0, path="dense/kernel")((8, 16))
        >>> bool((abs(weight) <= 0.1).all())
        True

    References:
        Johnson, Kotz & Balakrishnan 1995, Continuous Univariate Distributions 2, chapter 26.
    """

    def __init__(
        self,
        minval: Any = -0.05,
        maxval: Any = 0.05,
        seed: Seed = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: EngineName = "portable",
    ) -> None:
        self.minval, self.maxval = minval, maxval
        self._set_place(path, axes, engine)
        self.scheme  # noqa: B018  (checks the bounds)
        self._set_seed(seed)

    def _scheme(self) -> Scheme:
        return make("uniform", low=_number(self.minval), high=_number(self.maxval))


class _AbsoluteNormal(Drawn):
    def __init__(
        self,
        mean: Any = 0.0,
        stddev: Any = 0.05,
        seed: Seed = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: EngineName = "portable",
    ) -> None:
        self.mean, self.stddev = mean, stddev
        self._set_place(path, axes, engine)
        self.scheme  # noqa: B018  (checks the two numbers)
        self._set_seed(seed)


@registered
class RandomNormal(_AbsoluteNormal, keras.initializers.RandomNormal):
    """Normal with the given mean and standard deviation.

    Args:
        mean: the mean.
        stddev: the standard deviation, at least 0.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import RandomNormal
        >>> RandomNormal(stddev=0.02, seed=0, path="dense/kernel").scheme
        scheme('normal', std=0.02)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, chapter 13.
    """

    def _scheme(self) -> Scheme:
        return make("normal", mean=_number(self.mean), std=_number(self.stddev))


@registered
class TruncatedNormal(_AbsoluteNormal, keras.initializers.TruncatedNormal):
    """Normal cut at two standard deviations; stddev is that of the normal before the cut.

    Args:
        mean: the mean.
        stddev: the standard deviation before the cut; that of the weights is 0.88 of it.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import TruncatedNormal
        >>> scheme = TruncatedNormal(stddev=0.02, seed=0, path="dense/kernel").scheme
        >>> round(scheme.std((768, 768)), 5)
        0.01759

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, section 10.1.
    """

    def _scheme(self) -> Scheme:
        mean, std = _number(self.mean), _number(self.stddev)
        return make("truncated_normal", mean=mean, std=std, corrected=False)


@registered
class Orthogonal(Drawn, keras.initializers.Orthogonal):
    """Semi-orthogonal, Haar-distributed, times gain.

    Args:
        gain: factor on the weights.
        seed, path, axes, engine: as in :class:`SchemeInitializer`.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import numpy as np
        >>> from fanwise.keras import Orthogonal
        >>> q = np.asarray(Orthogonal(seed=0, path="dense/kernel")((32, 16)))
        >>> bool(np.allclose(q.T @ q, np.eye(16), atol=1e-5))
        True

    References:
        Saxe et al. 2014, arXiv:1312.6120, section 3; Stewart 1980, SIAM J. Numer. Anal. 17(3).
    """

    def __init__(
        self,
        gain: float = 1.0,
        seed: Seed = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: EngineName = "portable",
    ) -> None:
        self.gain = gain
        self._set_place(path, axes, engine)
        self.scheme  # noqa: B018  (checks the gain)
        self._set_seed(seed)

    def _scheme(self) -> Scheme:
        return make("orthogonal", gain=self.gain)


def _number(value: Any) -> Any:
    """Return a scalar tensor, which Keras allows as well, as a float."""
    if keras.ops.is_tensor(value):
        return float(value)
    return value
