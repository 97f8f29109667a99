# Written by docs/make_stubs.py: run that after a change of the public names or the catalogue.
# ruff: noqa: E501, PYI021, PYI051

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar, overload

import flax.linen
import flax.nnx
import jax
from jax.nn.initializers import Initializer as Initializer
from jax.nn.initializers import constant as constant
from jax.nn.initializers import ones as ones
from jax.nn.initializers import zeros as zeros
from jax.typing import ArrayLike, DTypeLike

from fanwise.adapters.jax.initializers.axes import AxisRoles
from fanwise.adapters.jax.initializers.keyed_initializer import Columns
from fanwise.adapters.layer_weights import LayerWeight as LayerWeight
from fanwise.adapters.layer_weights import Span as Span
from fanwise.adapters.model_paths import ModelPaths
from fanwise.adapters.signals import LayerCheck
from fanwise.adapters.summary import Summary
from fanwise.adapters.unwritten_values import Unwritten
from fanwise.spec.recipe import Recipe
from fanwise.spec.scheme import Scheme
from fanwise.spec.weights import Weight

_Layer = TypeVar("_Layer")
_RecipeLike: TypeAlias = (
    Literal[
        "beit",
        "bert",
        "convnext",
        "deepseek_v3",
        "dit",
        "efficientnet",
        "flax_default",
        "gemma",
        "gpt2",
        "gpt_oss",
        "keras_default",
        "llama",
        "lora",
        "mamba",
        "mamba2",
        "mixtral",
        "nanochat",
        "olmo2",
        "pytorch_transformer",
        "qwen3_moe",
        "resnet",
        "roberta",
        "swin",
        "t5",
        "torch_default",
        "unet",
        "vit",
        "vit_timm",
        "vit_timm_jax",
        "vit_timm_moco",
        "vit_torchvision",
        "vit_transformers",
        "whisper",
    ]
    | Recipe
    | Path
    | Mapping[str, Any]
    | str
)
_SchemeLike: TypeAlias = (
    Literal[
        "zeros",
        "ones",
        "constant",
        "uniform",
        "normal",
        "truncated_normal",
        "variance_scaling",
        "lecun_normal",
        "lecun_uniform",
        "glorot_normal",
        "glorot_uniform",
        "he_normal",
        "he_uniform",
        "xavier_normal",
        "xavier_uniform",
        "kaiming_normal",
        "kaiming_uniform",
        "torch_default",
        "orthogonal",
        "delta_orthogonal",
        "identity",
        "dirac",
        "sparse",
    ]
    | Scheme
    | str
)
_Tree = TypeVar("_Tree")

@dataclass(frozen=True)
class KeyedInitializer:
    """What the functions of this package return: an initializer, as a value.

    It compares and hashes by value, so a Flax module that holds one does too.

    Attributes:
        scheme: what it draws.
        axes: the role of each axis.
        dtype: the dtype where a call gives none; None is JAX's default.
        seed: the seed that counts instead of the key, or None.
        path: the weight's path, or None.
        engine: ``"portable"`` or ``"native"``.

    Examples:
        >>> import jax
        >>> import fanwise
        >>> init = KeyedInitializer(fanwise.scheme("he_normal"), seed=0, path="dense/kernel")
        >>> init(jax.random.key(1), (8, 16)).shape
        (8, 16)
        >>> init == KeyedInitializer(fanwise.scheme("he_normal"), seed=0, path="dense/kernel")
        True
    """

    scheme: Scheme
    axes: str | AxisRoles | Columns = "kernel"
    dtype: DTypeLike | None = None
    seed: int | None = None
    path: str | None = None
    engine: Literal["portable", "native"] = "portable"
    def __call__(
        self,
        key: jax.Array | Sequence[int] | None,
        shape: Sequence[int] | DTypeLike | None,
        dtype: DTypeLike | None = None,
        out_sharding: Any = None,
    ) -> jax.Array: ...

def capture(
    factory: Callable[..., Any],
    *,
    inputs: Any = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    seeds: Sequence[int] = ...,
    prove: bool = True,
) -> Recipe:
    """Find the recipe that starts a model as its own code does.

    The function is called under several seeds. What holds the same each time is a constant or a
    formula; of what differs the law is told by the values, and its numbers are written as the
    expressions that agree for all shapes. Random states of NumPy and Python are put
    back. The recipe is then proved: two builds more, and a model that it has started itself, are
    judged by it with a false-alarm rate below 10⁻⁹.

    Args:
        factory: builds the model anew each time: one of nnx, a pytree, or a linen module or what
            ``haiku.transform`` gives: alone, with a tuple of what it is called with, with its
            variables, or with both. Its parameter is given a key; an integer if it is called
            ``seed``; ``nnx.Rngs`` if it is called ``rngs``. Without one, the keys that it makes of
            numbers (``jax.random.key(0)``, ``nnx.Rngs(0)``) differ from build to build.
        inputs: what a linen module, or a function of Haiku, is called with: a tuple of arrays or
            ShapeDtypeStructs, or one.
        keywords: a linen module's keyword arguments, e.g. ``{"train": False}``.
        method: the method of a linen module to call, where that is not ``__call__``.
        seeds: of the builds, at least two; more of them tell small weights better.
        prove: whether to prove the recipe, for which the extra ``conformance`` is needed.

    Returns:
        The recipe: ``recipe.to_toml()`` writes it, and comments say what fits as well. It keeps
        weights whose start was not found.

    Raises:
        FanwiseError: for a function that builds no new model under each seed, or seeds itself; and
            for a recipe that builds of its model contradict, with their weights.

    Warns:
        UnresolvedWeightWarning: naming the weights that start in no way that was found.
        UnrepeatableFactoryWarning: where one seed does not give one model.
        UnsoundStartWarning: naming what an audit of such a model fails, whose code draws so.

    Examples:
        >>> import jax
        >>> recipe = capture(lambda key: {"kernel": jax.random.normal(key, (64, 256))})
        >>> [rule.init["scheme"] for rule in recipe.rules]
        ['normal']
    """

def delta_orthogonal(
    scale: ArrayLike = 1.0,
    column_axis: int = -1,
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of kernels that are orthogonal at their centre, else zero.

    Args:
        scale: factor on the weights.
        column_axis: -1 or -2, as in JAX. Both have the same distribution, and here the
            same weights.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> kernel = delta_orthogonal()(jax.random.key(0), (3, 3, 8, 16))
        >>> int((kernel != 0).any(axis=(2, 3)).sum())
        1

    References:
        Xiao et al. 2018, arXiv:1806.05393, algorithm 1.
    """

def dirac(
    dtype: DTypeLike | None = None,
    *,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``dirac``.

    A convolution that hands its inputs through, group by group.

    Args:
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import dirac
        >>> init = dirac(path="layer/kernel")
        >>> init(jax.random.key(0), (3, 3, 8, 16)).shape
        (3, 3, 8, 16)

    References:
        Zagoruyko & Komodakis 2017, arXiv:1706.00388, equation 2; torch.nn.init.dirac_.
    """

def glorot_normal(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme glorot_normal.

    Normal cut at two standard deviations, variance 1 / fan_avg.

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
        >>> from fanwise.jax import glorot_normal
        >>> glorot_normal(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        Glorot & Bengio 2010, equation 12.
    """

def glorot_uniform(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme glorot_uniform.

    Uniform, variance 1 / fan_avg.

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
        >>> from fanwise.jax import glorot_uniform
        >>> glorot_uniform(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        Glorot & Bengio 2010, equation 16.
    """

def he_normal(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme he_normal.

    Normal cut at two standard deviations, variance 2 / fan_in.

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
        >>> from fanwise.jax import he_normal
        >>> he_normal(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        He et al. 2015, arXiv:1502.01852, equation 10.
    """

def he_uniform(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme he_uniform.

    Uniform, variance 2 / fan_in.

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
        >>> from fanwise.jax import he_uniform
        >>> he_uniform(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        He et al. 2015, arXiv:1502.01852, equation 10.
    """

def identity(
    gain: float = 1.0,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``identity``.

    The identity matrix, times gain.

    Args:
        gain: factor on the weights.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import identity
        >>> init = identity(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Le, Jaitly & Hinton 2015, arXiv:1504.00941, section 3.
    """

@overload
def initialize(
    model: flax.linen.Module,
    recipe: _RecipeLike,
    *,
    seed: int,
    engine: Literal["portable", "native"] = "portable",
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    values: Any = None,
    shardings: Any = None,
    describe: Callable[[str, Any], Weight | None] | None = None,
    only: str | Sequence[str] | None = None,
    exclude: str | Sequence[str] | None = None,
    missing: Any = None,
    dry_run: bool = False,
    report: bool = True,
    **variables: float | str,
) -> tuple[Any, Summary]:
    """Set all weights of a model by a recipe.

    The same recipe and seed give the same weights, under the same canonical paths, in
    torch, Keras and Flax; docs/recipes.md says what the paths are. All is checked before
    anything is drawn, and all is drawn before anything is written.

    A **linen module** is traced on its inputs, which shows what layer made which variable;
    Flax's own initializers compute nothing. An **nnx model** is set in place; it may be
    abstract (``nnx.eval_shape``), which leaves the state of its random numbers to you.
    Of any other **pytree** the nodes of Equinox's classes, and of those of
    :func:`register_layer`, say what their arrays are; for the others it is their names
    (``w``, ``kernel``, ``weight``, ``b``, ``bias``, ``scale``, ``gamma``, ``offset``, ``beta``,
    ``embedding``, ``embeddings``, ``mean``, ``var``, ``variance``). Of a Flax ``TrainState``
    the parameters and running statistics are drawn; the state of an optimizer or of a
    model beside it (``optax``, ``nnx.State``, ``eqx.nn.State``) is refused.

    Args:
        model: the module, model or pytree; a pytree's arrays may be ShapeDtypeStructs.
        recipe: a recipe, or what :func:`fanwise.recipe` reads one from.
        seed: 0 ≤ seed < 2⁶⁴, a number also under ``jax.jit``.
        engine: ``"portable"``, the same bits in every framework; or ``"native"``, JAX's own
            samplers, with the key of the seed and of the path.
        inputs: what a linen module is called with: arrays, or ShapeDtypeStructs.
        keywords: a linen module's keyword arguments, e.g. ``{"train": False}``.
        method: the method of a linen module to call, where that is not ``__call__``.
        values: a linen module's variables, of which those that the recipe does not set are
            kept. Without them Flax's own initializers start these, by the same seed.
        shardings: a NamedSharding for all arrays of a linen module or a pytree, or a tree
            of them that is like the result, or like the top of it. Each device then draws
            its own part.
        describe: of the path and the array of a pytree's leaf, the
            :class:`fanwise.spec.weights.Weight` that it is; None leaves it to class and name.
        only: patterns of the canonical paths to set; others stay as they are.
        exclude: patterns of the canonical paths to leave as they are.
        missing: what a checkpoint did not bring, and all that is set: names of arrays or of what
            holds several, "/"-joined or as ``jax.tree_util.keystr`` writes them, key paths,
            tuples of names, or canonical paths. Other weights stay as they are.
        dry_run: return the plan, with its problems; draw and write nothing.
        report: whether to read every weight again, for its standard deviation; or in a dry run,
            what it holds now.
        **variables: values in the place of those in the recipe's ``[vars]``.

    Returns:
        For a linen module its variables and the Summary; for an nnx model the Summary; for
        a pytree a new one and the Summary. In a dry run the variables are abstract, or
        ``values``, and the pytree is the one given.

    Raises:
        FanwiseError: for a recipe that does not fit the model, and whatever else would
            keep a weight from being set; nothing has changed then.

    Examples:
        >>> import jax.numpy as jnp
        >>> import fanwise
        >>> tree = {"head": {"kernel": jnp.zeros((512, 10)), "bias": jnp.zeros(10)}}
        >>> tree, summary = initialize(
        ...     tree,
        ...     {"fanwise": 1, "rule": [
        ...         {"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}
        ...     ]},
        ...     seed=0,
        ... )
        >>> summary.parameters
        5130
        >>> weight = fanwise.sample("he_normal", (512, 10), seed=0, path="head/kernel")
        >>> bool((tree["head"]["kernel"] == weight).all())
        True
    """

@overload
def initialize(  # type: ignore[overload-cannot-match]
    model: flax.nnx.Module,
    recipe: _RecipeLike,
    *,
    seed: int,
    engine: Literal["portable", "native"] = "portable",
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    values: Any = None,
    shardings: Any = None,
    describe: Callable[[str, Any], Weight | None] | None = None,
    only: str | Sequence[str] | None = None,
    exclude: str | Sequence[str] | None = None,
    missing: Any = None,
    dry_run: bool = False,
    report: bool = True,
    **variables: float | str,
) -> Summary:
    """Set all weights of a model by a recipe.

    The same recipe and seed give the same weights, under the same canonical paths, in
    torch, Keras and Flax; docs/recipes.md says what the paths are. All is checked before
    anything is drawn, and all is drawn before anything is written.

    A **linen module** is traced on its inputs, which shows what layer made which variable;
    Flax's own initializers compute nothing. An **nnx model** is set in place; it may be
    abstract (``nnx.eval_shape``), which leaves the state of its random numbers to you.
    Of any other **pytree** the nodes of Equinox's classes, and of those of
    :func:`register_layer`, say what their arrays are; for the others it is their names
    (``w``, ``kernel``, ``weight``, ``b``, ``bias``, ``scale``, ``gamma``, ``offset``, ``beta``,
    ``embedding``, ``embeddings``, ``mean``, ``var``, ``variance``). Of a Flax ``TrainState``
    the parameters and running statistics are drawn; the state of an optimizer or of a
    model beside it (``optax``, ``nnx.State``, ``eqx.nn.State``) is refused.

    Args:
        model: the module, model or pytree; a pytree's arrays may be ShapeDtypeStructs.
        recipe: a recipe, or what :func:`fanwise.recipe` reads one from.
        seed: 0 ≤ seed < 2⁶⁴, a number also under ``jax.jit``.
        engine: ``"portable"``, the same bits in every framework; or ``"native"``, JAX's own
            samplers, with the key of the seed and of the path.
        inputs: what a linen module is called with: arrays, or ShapeDtypeStructs.
        keywords: a linen module's keyword arguments, e.g. ``{"train": False}``.
        method: the method of a linen module to call, where that is not ``__call__``.
        values: a linen module's variables, of which those that the recipe does not set are
            kept. Without them Flax's own initializers start these, by the same seed.
        shardings: a NamedSharding for all arrays of a linen module or a pytree, or a tree
            of them that is like the result, or like the top of it. Each device then draws
            its own part.
        describe: of the path and the array of a pytree's leaf, the
            :class:`fanwise.spec.weights.Weight` that it is; None leaves it to class and name.
        only: patterns of the canonical paths to set; others stay as they are.
        exclude: patterns of the canonical paths to leave as they are.
        missing: what a checkpoint did not bring, and all that is set: names of arrays or of what
            holds several, "/"-joined or as ``jax.tree_util.keystr`` writes them, key paths,
            tuples of names, or canonical paths. Other weights stay as they are.
        dry_run: return the plan, with its problems; draw and write nothing.
        report: whether to read every weight again, for its standard deviation; or in a dry run,
            what it holds now.
        **variables: values in the place of those in the recipe's ``[vars]``.

    Returns:
        For a linen module its variables and the Summary; for an nnx model the Summary; for
        a pytree a new one and the Summary. In a dry run the variables are abstract, or
        ``values``, and the pytree is the one given.

    Raises:
        FanwiseError: for a recipe that does not fit the model, and whatever else would
            keep a weight from being set; nothing has changed then.

    Examples:
        >>> import jax.numpy as jnp
        >>> import fanwise
        >>> tree = {"head": {"kernel": jnp.zeros((512, 10)), "bias": jnp.zeros(10)}}
        >>> tree, summary = initialize(
        ...     tree,
        ...     {"fanwise": 1, "rule": [
        ...         {"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}
        ...     ]},
        ...     seed=0,
        ... )
        >>> summary.parameters
        5130
        >>> weight = fanwise.sample("he_normal", (512, 10), seed=0, path="head/kernel")
        >>> bool((tree["head"]["kernel"] == weight).all())
        True
    """

@overload
def initialize(  # type: ignore[overload-cannot-match]
    model: _Tree,
    recipe: _RecipeLike,
    *,
    seed: int,
    engine: Literal["portable", "native"] = "portable",
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    values: Any = None,
    shardings: Any = None,
    describe: Callable[[str, Any], Weight | None] | None = None,
    only: str | Sequence[str] | None = None,
    exclude: str | Sequence[str] | None = None,
    missing: Any = None,
    dry_run: bool = False,
    report: bool = True,
    **variables: float | str,
) -> tuple[_Tree, Summary]:
    """Set all weights of a model by a recipe.

    The same recipe and seed give the same weights, under the same canonical paths, in
    torch, Keras and Flax; docs/recipes.md says what the paths are. All is checked before
    anything is drawn, and all is drawn before anything is written.

    A **linen module** is traced on its inputs, which shows what layer made which variable;
    Flax's own initializers compute nothing. An **nnx model** is set in place; it may be
    abstract (``nnx.eval_shape``), which leaves the state of its random numbers to you.
    Of any other **pytree** the nodes of Equinox's classes, and of those of
    :func:`register_layer`, say what their arrays are; for the others it is their names
    (``w``, ``kernel``, ``weight``, ``b``, ``bias``, ``scale``, ``gamma``, ``offset``, ``beta``,
    ``embedding``, ``embeddings``, ``mean``, ``var``, ``variance``). Of a Flax ``TrainState``
    the parameters and running statistics are drawn; the state of an optimizer or of a
    model beside it (``optax``, ``nnx.State``, ``eqx.nn.State``) is refused.

    Args:
        model: the module, model or pytree; a pytree's arrays may be ShapeDtypeStructs.
        recipe: a recipe, or what :func:`fanwise.recipe` reads one from.
        seed: 0 ≤ seed < 2⁶⁴, a number also under ``jax.jit``.
        engine: ``"portable"``, the same bits in every framework; or ``"native"``, JAX's own
            samplers, with the key of the seed and of the path.
        inputs: what a linen module is called with: arrays, or ShapeDtypeStructs.
        keywords: a linen module's keyword arguments, e.g. ``{"train": False}``.
        method: the method of a linen module to call, where that is not ``__call__``.
        values: a linen module's variables, of which those that the recipe does not set are
            kept. Without them Flax's own initializers start these, by the same seed.
        shardings: a NamedSharding for all arrays of a linen module or a pytree, or a tree
            of them that is like the result, or like the top of it. Each device then draws
            its own part.
        describe: of the path and the array of a pytree's leaf, the
            :class:`fanwise.spec.weights.Weight` that it is; None leaves it to class and name.
        only: patterns of the canonical paths to set; others stay as they are.
        exclude: patterns of the canonical paths to leave as they are.
        missing: what a checkpoint did not bring, and all that is set: names of arrays or of what
            holds several, "/"-joined or as ``jax.tree_util.keystr`` writes them, key paths,
            tuples of names, or canonical paths. Other weights stay as they are.
        dry_run: return the plan, with its problems; draw and write nothing.
        report: whether to read every weight again, for its standard deviation; or in a dry run,
            what it holds now.
        **variables: values in the place of those in the recipe's ``[vars]``.

    Returns:
        For a linen module its variables and the Summary; for an nnx model the Summary; for
        a pytree a new one and the Summary. In a dry run the variables are abstract, or
        ``values``, and the pytree is the one given.

    Raises:
        FanwiseError: for a recipe that does not fit the model, and whatever else would
            keep a weight from being set; nothing has changed then.

    Examples:
        >>> import jax.numpy as jnp
        >>> import fanwise
        >>> tree = {"head": {"kernel": jnp.zeros((512, 10)), "bias": jnp.zeros(10)}}
        >>> tree, summary = initialize(
        ...     tree,
        ...     {"fanwise": 1, "rule": [
        ...         {"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}
        ...     ]},
        ...     seed=0,
        ... )
        >>> summary.parameters
        5130
        >>> weight = fanwise.sample("he_normal", (512, 10), seed=0, path="head/kernel")
        >>> bool((tree["head"]["kernel"] == weight).all())
        True
    """

def initializer(
    scheme: _SchemeLike,
    *,
    axes: str = "kernel",
    dtype: DTypeLike | None = None,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of any scheme.

    Args:
        scheme: a scheme or its name.
        axes: the role of each axis, a pattern or its name, e.g. ``"keras_transposed"`` for
            a Flax ``ConvTranspose(transpose_kernel=True)``.
        dtype: the dtype where a call gives none.
        seed: 0 ≤ seed < 2⁶⁴, which counts instead of the key.
        path: the weight's path in its model; every path has a stream of its own.
        engine: ``"portable"``, the same bits as everywhere, or ``"native"``, JAX's own samplers.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> init = initializer("he_normal", axes="out in *", seed=0, path="conv/kernel")
        >>> init(jax.random.key(1), (32, 16, 3, 3)).shape
        (32, 16, 3, 3)
    """

def kaiming_normal(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme kaiming_normal.

    Normal (not cut), variance gain² / fan: torch's. JAX's function of this name is he_normal.

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
        >>> from fanwise.jax import kaiming_normal
        >>> kaiming_normal(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        He et al. 2015, arXiv:1502.01852, equations 10 and 15; torch.nn.init.kaiming_normal_.
    """

def kaiming_uniform(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme kaiming_uniform.

    Uniform, variance gain² / fan: torch's name of he_uniform.

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
        >>> from fanwise.jax import kaiming_uniform
        >>> kaiming_uniform(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        He et al. 2015, arXiv:1502.01852, equations 10 and 15; torch.nn.init.kaiming_uniform_.
    """

def layer_check(
    model: Any,
    *inputs: Any,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    loss: Callable[[Any], Any] | None = None,
) -> LayerCheck:
    """Run a model once, forward and back, and measure what passes through its layers.

    Nothing of the model is changed. Nothing is compiled, so that what is called in a loop
    (``nn.scan``, ``jax.lax.scan``) is seen at each step. A layer within ``vmap`` has the shape that
    it has for one example, and the standard deviations are those of all examples.

    Args:
        model: a module of Flax linen or nnx, or of Equinox.
        inputs: a batch, as the model takes it; of a linen module, first its variables, as
            ``module.init`` gives them.
        keywords: what the model takes by name; of a linen module, what ``module.apply`` does, such
            as ``rngs`` and ``mutable`` too.
        method: the name of a method to call in the place of ``__call__``, or a function of
            the model and the inputs, e.g. ``lambda model, x: jax.vmap(model)(x)``.
        loss: of the model's output, a scalar. Without one it is the scalar ``loss`` in the
            output, if there is one; else standard normal noise is sent back from every array of
            floats in the output, but for caches and states.

    Returns:
        The standard deviations of activations and gradients of the layers, a row for each call,
        in the order in which they ran; and the layers with weights that were not called. Layers
        are those of known classes, modules that call no others, and those with arrays of their own.
        Of an output of several arrays, the first is shown. ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but such a model, one that does not run, an output without
            floats, and a loss that is not a scalar.

    Examples:
        >>> import jax.numpy as jnp
        >>> from flax import linen
        >>> module, x = linen.Sequential([linen.Dense(4), linen.relu]), jnp.ones((2, 8))
        >>> check = layer_check(module, module.init(jax.random.key(0), x), x)
        >>> [layer.class_name for layer in check.layers]
        ['Dense']
    """

def lecun_normal(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme lecun_normal.

    Normal cut at two standard deviations, variance 1 / fan_in.

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
        >>> from fanwise.jax import lecun_normal
        >>> lecun_normal(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        LeCun et al. 1998, Efficient BackProp, equation 16; Klambauer et al. 2017, arXiv:1706.02515.
    """

def lecun_uniform(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme lecun_uniform.

    Uniform, variance 1 / fan_in.

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
        >>> from fanwise.jax import lecun_uniform
        >>> lecun_uniform(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        LeCun et al. 1998, Efficient BackProp, equation 16.
    """

def normal(
    stddev: ArrayLike = 0.01,
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer that draws normally, with mean 0.

    Args:
        stddev: the standard deviation, at least 0.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> normal(0.02)(jax.random.key(0), (768, 768)).std().round(4)
        Array(0.02, dtype=float32)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, chapter 13.
    """

def ones_init() -> Initializer:
    """Return :func:`ones`, by Flax's name for it.

    Returns:
        JAX's own initializer of ones.

    Examples:
        >>> import jax
        >>> ones_init()(jax.random.key(0), (2,))
        Array([1., 1.], dtype=float32)
    """

def orthogonal(
    scale: ArrayLike = 1.0,
    column_axis: int = -1,
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of semi-orthogonal matrices, Haar-distributed.

    Args:
        scale: factor on the weights.
        column_axis: the axis that holds the columns; the others together are the rows.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax, jax.numpy as jnp
        >>> q = orthogonal()(jax.random.key(0), (64, 32))
        >>> bool(jnp.allclose(q.T @ q, jnp.eye(32), atol=1e-5))
        True

    References:
        Saxe et al. 2014, arXiv:1312.6120, section 3; Stewart 1980, SIAM J. Numer. Anal. 17(3).
    """

def paths(
    model: Any,
    *,
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    values: Any = None,
    describe: Callable[[str, Any], Weight | None] | None = None,
) -> ModelPaths:
    """List the weights of a model as the rules of a recipe see them.

    Args:
        model: an nnx model, a module of Equinox or another pytree; or a linen module, with
            what it is called with.
        inputs, keywords, method, values: of a linen module, as in
            :func:`fanwise.jax.initialize`.
        describe: of a pytree, as in :func:`fanwise.jax.initialize`.

    Returns:
        A :class:`ModelPaths`, a row for each weight: its path, role, kind, class, shape and axes;
        ``str`` of it is a table.

    Raises:
        FanwiseError: for what is no model.

    Examples:
        >>> import jax.numpy as jnp
        >>> [row.path for row in paths({"head": {"kernel": jnp.ones((3, 2))}}).rows]
        ['head/kernel']
    """

def register_layer(
    cls: type,
    describe: Callable[[Any, Mapping[str, tuple[int, ...]]], Iterable[LayerWeight]],
) -> None:
    """Say what a layer of one's own stores, for everything that looks at a model.

    Without it a parameter of a class that Fanwise does not know has its own name for a
    path, no role and no fans. It takes the place of what Fanwise knows of the class.

    Args:
        cls: the class, a Flax linen or nnx module or a node of a pytree; its subclasses too.
        describe: gives, for a layer and the shapes of its variables by their paths below
            it, a :class:`LayerWeight` for each weight. A variable that is described at all
            must be described as a whole.

    Raises:
        FanwiseError: for anything but a class and a function.

    Examples:
        >>> class Gate: ...
        >>> register_layer(Gate, lambda layer, shapes: [LayerWeight("w", "kernel", "out in")])
    """

@overload
def set_initializer(
    layer: _Layer,
    kernel: _SchemeLike | None = "he_normal",
    bias: _SchemeLike | None = "zeros",
    *,
    seed: int,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
    inputs: None = None,
) -> _Layer:
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

@overload
def set_initializer(
    layer: Any,
    kernel: _SchemeLike | None = "he_normal",
    bias: _SchemeLike | None = "zeros",
    *,
    seed: int,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
    inputs: tuple[Any, ...],
) -> dict[str, Any]:
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

def sparse(
    sparsity: float = 0.1,
    std: float = 0.01,
    dtype: DTypeLike | None = None,
    *,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``sparse``.

    Normal, with a fraction of the outputs of each input set to zero.

    Args:
        sparsity: fraction of the outputs of each input that is set to zero.
        std: standard deviation of the weights.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import sparse
        >>> init = sparse(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        Martens 2010, Deep learning via Hessian-free optimization, section 5; torch.nn.init.sparse_.
    """

def summary(
    model: Any,
    *,
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    variables: Any = None,
) -> Summary:
    """List the weights of a model, each with its scheme, true fans and standard deviation.

    A scheme is shown where :func:`fanwise.jax.initialize` or :func:`set_initializer` drew the
    weight, and as long as the model holds the array that was drawn: not after a step of
    training, nor for what was drawn within ``jax.jit``.

    Args:
        model: an nnx model, a module of Equinox or another pytree; or a linen module, with
            its inputs and variables.
        inputs, keywords, method: what a linen module is called with, as in
            :func:`fanwise.jax.initialize`.
        variables: a linen module's variables.

    Returns:
        A :class:`Summary`; ``str`` of it is a table.

    Raises:
        FanwiseError: for what is no model, and for a linen module without its variables.

    Examples:
        >>> import jax.numpy as jnp
        >>> summary({"head": {"kernel": jnp.ones((3, 2)), "bias": jnp.ones(2)}}).parameters
        8
    """

def torch_default(
    dtype: DTypeLike | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    axes: str = "kernel",
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme ``torch_default``.

    Uniform on ±1 / √fan_in: what torch's layers start with, weight and bias.

    Args:
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        dtype, axes, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> from fanwise.jax import torch_default
        >>> init = torch_default(path="layer/kernel")
        >>> init(jax.random.key(0), (8, 16)).shape
        (8, 16)

    References:
        LeCun et al. 1998, Efficient BackProp, section 4.6; reset_parameters of torch.nn.Linear.
    """

def truncated_normal(
    stddev: ArrayLike = 0.01,
    dtype: DTypeLike | None = None,
    lower: ArrayLike = -2.0,
    upper: ArrayLike = 2.0,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer that draws normally between two bounds.

    As in JAX ``stddev`` is that of the normal before the cut; the scheme
    ``truncated_normal`` takes that of the weights, unless ``corrected=False``.

    Args:
        stddev: standard deviation before the cut.
        lower, upper: the bounds, in units of ``stddev``.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> truncated_normal(0.02)(jax.random.key(0), (768, 768)).std().round(4)
        Array(0.0176, dtype=float32)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, section 10.1.
    """

def uniform(
    scale: ArrayLike = 0.01,
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer that draws uniformly between 0 and ``scale``.

    Args:
        scale: the end of the interval; it may be negative.
        dtype, seed, path, engine: as in :func:`initializer`.

    Returns:
        The initializer, called as ``init(key, shape)``: a :class:`KeyedInitializer`.

    Raises:
        FanwiseError: for bad input, here rather than when the weight is drawn.

    Examples:
        >>> import jax
        >>> float(uniform(2.0)(jax.random.key(0), (1000,)).max()) < 2.0
        True

    References:
        Johnson, Kotz & Balakrishnan 1995, Continuous Univariate Distributions 2, chapter 26.
    """

def unwritten(
    factory: Callable[[], Any],
    init: Callable[[Any], Any],
    *,
    seed: int = 0,
) -> Unwritten:
    """List the arrays that a start does not write.

    The model is built without values, by ``eval_shape``, and given arrays that are filled with one
    pattern of bytes, then with another. What holds the pattern after both starts was not written;
    what differs otherwise was computed from memory, or is not repeatable. Keys of random numbers
    are ``jax.random.key(seed)``, and not judged.

    Args:
        factory: builds the model anew each time; it takes nothing. A module of ``flax.nnx``, or
            any pytree, such as an Equinox module or the variables of a module of Linen.
        init: starts a module of ``flax.nnx`` in place, or returns the model that is started, as
            :func:`fanwise.jax.initialize` does.
        seed: of each start, for the generators of Python and NumPy.

    Returns:
        A result with ``passed`` and ``rows``, which prints a line for each array.

    Raises:
        FanwiseError: for a factory that cannot build without values, or an ``init`` that raises.

    Examples:
        >>> from flax import nnx
        >>> def start(model):
        ...     model.kernel[...] = jax.numpy.zeros((2, 3))
        >>> print(unwritten(lambda: nnx.Linear(2, 3, rngs=nnx.Rngs(0)), start))
        bias (array, [3]): nobody wrote it
        1 of 2 tensors are not set.
    """

def variance_scaling(
    scale: ArrayLike,
    mode: str,
    distribution: str,
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
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

def xavier_normal(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme xavier_normal.

    Normal (not cut), variance gain² / fan_avg: torch's. JAX's function of this name is glorot_normal.

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
        >>> from fanwise.jax import xavier_normal
        >>> xavier_normal(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        Glorot & Bengio 2010, equation 12; torch.nn.init.xavier_normal_.
    """

def xavier_uniform(
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
    dtype: DTypeLike | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> KeyedInitializer:
    """Make an initializer of the scheme xavier_uniform.

    Uniform, variance gain² / fan_avg: torch's name of glorot_uniform.

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
        >>> from fanwise.jax import xavier_uniform
        >>> xavier_uniform(path="conv/kernel")(jax.random.key(0), (3, 3, 16, 32)).shape
        (3, 3, 16, 32)

    References:
        Glorot & Bengio 2010, equation 16; torch.nn.init.xavier_uniform_.
    """

def zeros_init() -> Initializer:
    """Return :func:`zeros`, by Flax's name for it.

    Returns:
        JAX's own initializer of zeros.

    Examples:
        >>> import jax
        >>> zeros_init()(jax.random.key(0), (2,))
        Array([0., 0.], dtype=float32)
    """

__all__ = [
    "Initializer",
    "KeyedInitializer",
    "LayerWeight",
    "Span",
    "capture",
    "constant",
    "delta_orthogonal",
    "dirac",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "initialize",
    "initializer",
    "kaiming_normal",
    "kaiming_uniform",
    "layer_check",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "ones",
    "ones_init",
    "orthogonal",
    "paths",
    "register_layer",
    "set_initializer",
    "sparse",
    "summary",
    "torch_default",
    "truncated_normal",
    "uniform",
    "unwritten",
    "variance_scaling",
    "xavier_normal",
    "xavier_uniform",
    "zeros",
    "zeros_init",
]
