"""Set the weights of a layer, which knows its own axes, groups and fans."""

from __future__ import annotations

from typing import Any, TypeVar, overload

from fanwise.adapters.engines import EngineName, checked_engine
from fanwise.adapters.jax.initialize import check_asked
from fanwise.adapters.jax.layers.arrays import SeededEngine
from fanwise.adapters.jax.layers.models import set_linen, set_nnx, set_tree, trace
from fanwise.adapters.jax.layers.requests import Request, is_linen, is_nnx
from fanwise.adapters.recipes import layer_recipe, roles_left_alone
from fanwise.core.keys import checked_seed, path_counter
from fanwise.spec.registry import SchemeLike

Layer = TypeVar("Layer")


@overload
def set_initializer(
    layer: Layer,
    kernel: SchemeLike | None = "he_normal",
    bias: SchemeLike | None = "zeros",
    *,
    seed: int,
    path: str | None = None,
    engine: EngineName = "portable",
    inputs: None = None,
) -> Layer: ...


@overload
def set_initializer(
    layer: Any,
    kernel: SchemeLike | None = "he_normal",
    bias: SchemeLike | None = "zeros",
    *,
    seed: int,
    path: str | None = None,
    engine: EngineName = "portable",
    inputs: tuple[Any, ...],
) -> dict[str, Any]: ...


def set_initializer(
    layer: Any,
    kernel: SchemeLike | None = "he_normal",
    bias: SchemeLike | None = "zeros",
    *,
    seed: int,
    path: str | None = None,
    engine: EngineName = "portable",
    inputs: tuple[Any, ...] | None = None,
) -> Any:
    """Set the weights of one layer, by its true axes, groups and fans.

    It is :func:`fanwise.jax.initialize` of the layer by a recipe of two rules: the same
    weights under the same paths as in a model that has the layer at ``path``. Known are the
    layers of Flax linen, nnx and Equinox that have weights, those of :func:`register_layer`,
    and dicts of arrays whose names say what they are. A layer without a bias needs none. What
    else a fresh layer starts with is set too: the running mean 0 and variance 1 of a batch
    normalization, and the zeros of the second of two biases.

    Args:
        layer: the layer: a linen or nnx module, a module of Equinox, or a pytree.
        kernel: a scheme or its name; None leaves kernels and embeddings as they are. The
            scale of a normalization is a vector without fans: there a scheme for matrices
            stands for ``"ones"``.
        bias: the same for the biases; a scheme that counts a fan takes that of the kernel
            which the bias stands beside, and stands for ``"zeros"`` in a normalization.
        seed: 0 ≤ seed < 2⁶⁴.
        path: the layer's path in its model: its kernel is ``"<path>/kernel"``, its bias
            ``"<path>/bias"`` (without a path, ``"kernel"`` and ``"bias"``).
        engine: ``"portable"`` or ``"native"``.
        inputs: what a linen module is called with, which alone needs them: arrays, or
            ``jax.ShapeDtypeStruct`` values.

    Returns:
        Of an nnx module the module itself, set in place: its variables stay the same
        objects. Of a linen module its variables, as ``layer.init`` gives them. Of a module
        of Equinox and of a pytree a new one, with the arrays that are set replaced.

    Warns:
        RepeatedStreamWarning: where another weight in use was drawn by the same seed and path.

    Raises:
        FanwiseError: for bad input, and for a layer with weights of unknown axes; the layer
            is then untouched.

    Examples:
        >>> import fanwise
        >>> from flax import nnx
        >>> layer = nnx.Linear(512, 256, rngs=nnx.Rngs(0))
        >>> layer = set_initializer(layer, "he_normal", seed=0, path="dense")
        >>> weight = fanwise.sample("he_normal", (512, 256), seed=0, path="dense/kernel")
        >>> bool((layer.kernel[...] == weight).all())
        True
    """
    source = SeededEngine(checked_seed(seed), checked_engine(engine), noted=True)
    path_counter(path)
    left_alone = roles_left_alone(kernel, bias)
    request = Request(
        layer_recipe(kernel, bias), source, path=path, known=True, left_alone=left_alone
    )
    linen = is_linen(layer)
    check_asked({"inputs": inputs}, "a Flax linen module", asked=linen)
    if linen:
        traced = trace(layer, inputs, None, None, source.seed)
        return set_linen(layer, traced, request, None, None)[0]
    if is_nnx(layer):
        set_nnx(layer, request)
        return layer
    return set_tree(layer, request, None, None)[0]
