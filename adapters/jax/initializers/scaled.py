"""The names of ``jax.nn.initializers`` that scale by fans.

``kaiming_normal`` and ``xavier_normal`` are not cut, as in torch: a name has one meaning in
Fanwise. JAX's functions of these names are its ``he_normal`` and ``glorot_normal``.
"""

from __future__ import annotations

from typing import Any, Protocol

from fanwise.adapters.engines import EngineName
from fanwise.adapters.jax.initializers.axes import AxisNumbers, AxisRoles
from fanwise.adapters.jax.initializers.keyed_initializer import KeyedInitializer, make, number
from fanwise.spec.catalogue import catalogue
from fanwise.spec.registry import scheme


def variance_scaling(
    scale: Any,
    mode: str,
    distribution: str,
    in_axis: AxisNumbers = -2,
    out_axis: AxisNumbers = -1,
    batch_axis: AxisNumbers = (),
    dtype: Any = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: EngineName = "portable",
) -> KeyedInitializer:
    """Make an initializer of variance ``scale / fan``.

    Args:
        scale: numerator of the variance, positive.
        mode: ``"fan_in"``, ``"fan_out"``, ``"fan_avg"`` or ``"fan_geo_avg"``.
        distribution: ``"truncated_normal"`` (at two standard deviations, the variance
            corrected), ``"normal"`` (not cut) or ``"uniform"``.
        in_axis, out_axis, batch_axis: axes by number, one or several each. The rest are
            the receptive field.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> init = variance_scaling(1.0, "fan_in", "normal", in_axis=(0, 1), out_axis=2)
        >>> init(jax.random.key(0), (8, 64, 512)).std().round(3)
        Array(0.044, dtype=float32)

    References:
        He et al. 2015, arXiv:1502.01852, section 2.2; Glorot & Bengio 2010, section 4.2.
    """
    chosen = scheme(
        "variance_scaling", scale=number("scale", scale), mode=mode, distribution=distribution
    )
    roles = AxisRoles.of(in_axis, out_axis, batch_axis)
    return make(chosen, roles, dtype=dtype, seed=seed, path=path, engine=engine)


class FanFunction(Protocol):
    """What JAX calls with the axes by number, and what makes an initializer."""

    def __call__(
        self,
        in_axis: AxisNumbers = -2,
        out_axis: AxisNumbers = -1,
        batch_axis: AxisNumbers = (),
        dtype: Any = None,
        *,
        seed: int | None = None,
        path: str | None = None,
        engine: EngineName = "portable",
    ) -> KeyedInitializer:
        """Make an initializer."""
        ...


def _make_function(name: str, note: str = "") -> FanFunction:
    """Make the function that makes initializers of one scheme of the catalogue."""

    def function(
        in_axis: AxisNumbers = -2,
        out_axis: AxisNumbers = -1,
        batch_axis: AxisNumbers = (),
        dtype: Any = None,
        *,
        seed: int | None = None,
        path: str | None = None,
        engine: EngineName = "portable",
    ) -> KeyedInitializer:
        roles = AxisRoles.of(in_axis, out_axis, batch_axis)
        return make(name, roles, dtype=dtype, seed=seed, path=path, engine=engine)

    entry = catalogue().entries[name]
    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"""Make an initializer of the scheme {name}.

    {entry.summary}{note}

    Args:
        in_axis, out_axis, batch_axis: axes by number, one or several each. The rest are
            the receptive field.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import {name}
        >>> {name}(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        {entry.reference}
    """
    return function


glorot_uniform = _make_function("glorot_uniform")
glorot_normal = _make_function("glorot_normal")
lecun_uniform = _make_function("lecun_uniform")
lecun_normal = _make_function("lecun_normal")
he_uniform = _make_function("he_uniform")
he_normal = _make_function("he_normal")
xavier_uniform = _make_function("xavier_uniform")
xavier_normal = _make_function("xavier_normal", " JAX's function of this name is glorot_normal.")
kaiming_uniform = _make_function("kaiming_uniform")
kaiming_normal = _make_function("kaiming_normal", " JAX's function of this name is he_normal.")
