"""An initializer that is told the axes at each call, as trainers in MaxText's style have them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fanwise.adapters.engines import EngineName
from fanwise.adapters.jax.initializers.axes import AxisNumbers, AxisRoles
from fanwise.adapters.jax.initializers.keyed_initializer import KeyedInitializer, make
from fanwise.spec.registry import SchemeLike


@dataclass(frozen=True)
class NdInitializer:
    """What :func:`nd_initializer` returns: an initializer, as a value.

    Attributes:
        initializer: what draws, once the axes are known.

    Examples:
        >>> import jax
        >>> init = nd_initializer("lecun_normal", seed=0, path="query/kernel")
        >>> init(jax.random.key(0), (64, 4, 16), "float32", 0, (1, 2)).shape
        (64, 4, 16)
    """

    initializer: KeyedInitializer

    def __call__(
        self,
        key: Any,
        shape: Any,
        dtype: Any = None,
        in_axis: AxisNumbers = -2,
        out_axis: AxisNumbers = -1,
        batch_axis: AxisNumbers = (),
        out_sharding: Any = None,
    ) -> Any:
        """Draw a weight.

        Args:
            key: a JAX key, traced or not; not looked at, and may be None, where there is a seed.
            shape: the weight's shape.
            dtype: float16, bfloat16, float32 or float64.
            in_axis: the axes of the inputs.
            out_axis: the axes of the outputs; the others are the receptive field.
            batch_axis: axes of weights that are stacked, such as layers or experts.
            out_sharding: how the result lies on a mesh (explicit axes).

        Returns:
            An array of the shape.

        Raises:
            FanwiseError: where the scheme has no meaning on the shape, the axes or the dtype.
        """
        roles = AxisRoles.of(in_axis, out_axis, batch_axis)
        return replace(self.initializer, axes=roles)(key, shape, dtype, out_sharding)


def nd_initializer(
    scheme: SchemeLike,
    *,
    dtype: Any = None,
    seed: int | None = None,
    path: str | None = None,
    engine: EngineName = "portable",
) -> NdInitializer:
    """Make an initializer that is told the axes of inputs and outputs at each call.

    This is the ``NdInitializer`` of MaxText and trainers like it, whose layers call
    ``init(key, shape, dtype, in_axis, out_axis)`` with kernels of any number of axes.

    Args:
        scheme: a scheme or its name.
        dtype: the dtype where a call gives none.
        seed: 0 ≤ seed < 2⁶⁴, which counts instead of the key.
        path: the weight's path in its model; every path has a stream of its own.
        engine: ``"portable"``, the same bits as everywhere, or ``"native"``, JAX's own samplers.

    Returns:
        The initializer; it compares and hashes by value.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import fanwise
        >>> init = nd_initializer("lecun_normal", seed=0, path="query/kernel")
        >>> weight = init(None, (64, 4, 16), in_axis=0, out_axis=(1, 2))
        >>> alone = fanwise.sample(
        ...     "lecun_normal", (64, 4, 16), seed=0, path="query/kernel", axes="in out out"
        ... )
        >>> bool((weight == alone).all())
        True
    """
    return NdInitializer(make(scheme, None, dtype=dtype, seed=seed, path=path, engine=engine))
