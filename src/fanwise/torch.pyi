# Written by docs/make_stubs.py: run that after a change of the public names or the catalogue.
# ruff: noqa: E501, PYI021, PYI051

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

import torch
import torch.nn
from typing_extensions import deprecated

from fanwise.adapters.layer_weights import LayerWeight as LayerWeight
from fanwise.adapters.layer_weights import Span as Span
from fanwise.adapters.model_paths import ModelPaths
from fanwise.adapters.signals import LayerCheck
from fanwise.adapters.summary import Summary
from fanwise.adapters.unwritten_values import Unwritten
from fanwise.spec.recipe import Recipe
from fanwise.spec.scheme import Scheme

_Layer = TypeVar("_Layer", bound=torch.nn.Module)
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

def _calculate_correct_fan(
    tensor: torch.Tensor,
    mode: str,
) -> int:
    """Return the fan of a tensor that a mode names: ``"fan_in"`` or ``"fan_out"``.

    Raises:
        FanwiseError: for another mode, and for fewer than two axes.
    """

def _calculate_fan_in_and_fan_out(
    tensor: torch.Tensor,
) -> tuple[int, int]:
    """Count the fans of a tensor as torch does: axes (out, in, receptive field).

    Raises:
        FanwiseError: for fewer than two axes.
    """

def _no_grad_fill_(
    tensor: torch.Tensor,
    val: float,
) -> torch.Tensor:
    """Fill a tensor as :func:`constant_` does."""

def _no_grad_normal_(
    tensor: torch.Tensor,
    mean: float,
    std: float,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Fill a tensor as :func:`normal_` does."""

def _no_grad_trunc_normal_(
    tensor: torch.Tensor,
    mean: float,
    std: float,
    a: float,
    b: float,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Fill a tensor as :func:`trunc_normal_` does."""

def _no_grad_uniform_(
    tensor: torch.Tensor,
    a: float,
    b: float,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Fill a tensor as :func:`uniform_` does."""

def _no_grad_zero_(
    tensor: torch.Tensor,
) -> torch.Tensor:
    """Fill a tensor as :func:`zeros_` does."""

def calculate_gain(
    nonlinearity: str,
    param: float | None = None,
) -> float:
    """Look up the gain of a nonlinearity, in torch's table.

    Args:
        nonlinearity: a name, e.g. ``"relu"``.
        param: the negative slope of ``"leaky_relu"``, 0.01 if None.

    Returns:
        The factor on the standard deviation.

    Raises:
        FanwiseError: for a nonlinearity that torch does not know.

    Examples:
        >>> calculate_gain("tanh")
        1.6666666666666667
    """

def capture(
    factory: Callable[[], Any],
    *,
    seeds: Sequence[int] = ...,
    prove: bool = True,
) -> Recipe:
    """Find the recipe that starts a model as its own code does.

    The function is called under several seeds. What holds the same each time is a constant or a
    formula; of what differs the law is told by the values, and its numbers are written as the
    expressions that agree for all shapes. Random states of torch, NumPy and Python are put
    back. The recipe is then proved: two builds more, and a model that it has started itself, are
    judged by it with a false-alarm rate below 10⁻⁹.

    Args:
        factory: builds the model anew each time; it takes nothing.
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
        >>> from torch import nn
        >>> recipe = capture(lambda: nn.Sequential(nn.Linear(64, 256), nn.Linear(256, 16)))
        >>> sorted({rule.init["scheme"] for rule in recipe.rules})
        ['torch_default']
    """

@deprecated("Use constant_.")
def constant(
    tensor: torch.Tensor,
    val: float,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`constant_`, under its old name, which torch deprecates."""

def constant_(
    tensor: torch.Tensor,
    val: float,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor with one value.

    Args:
        tensor: what to fill, in place.
        val: the value, a finite number.
        seed, path, engine: checked as in :func:`init_`; a constant needs none of them.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> constant_(torch.empty(2), 0.5)
        tensor([0.5000, 0.5000])

    References:
        Common usage.
    """

def delta_orthogonal_(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``delta_orthogonal``.

    Orthogonal at the centre of the receptive field, zero elsewhere, times gain.

    Args:
        tensor: what to fill, in place.
        gain: factor on the weights.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import delta_orthogonal_
        >>> weight = delta_orthogonal_(torch.empty(16, 8, 3, 3), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8, 3, 3)

    References:
        Xiao et al. 2018, arXiv:1806.05393, algorithm 1.
    """

@deprecated("Use dirac_.")
def dirac(
    tensor: torch.Tensor,
    groups: int = 1,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`dirac_`, under its old name, which torch deprecates."""

def dirac_(
    tensor: torch.Tensor,
    groups: int = 1,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill the kernel of a convolution so that it passes its inputs through.

    Args:
        tensor: what to fill, in place; three to five axes.
        groups: the number of groups of the convolution.
        seed, path, axes, engine: checked as in :func:`init_`; there is one result only.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> dirac_(torch.empty(1, 1, 3))
        tensor([[[0., 1., 0.]]])

    References:
        Zagoruyko & Komodakis 2017, arXiv:1706.00388, equation 2; torch.nn.init.dirac_.
    """

@deprecated("Use eye_.")
def eye(
    tensor: torch.Tensor,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`eye_`, under its old name, which torch deprecates."""

def eye_(
    tensor: torch.Tensor,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a matrix with the identity; what is beyond the square is zero.

    Args:
        tensor: what to fill, in place; two axes.
        seed, path, axes, engine: checked as in :func:`init_`; there is one result only.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> eye_(torch.empty(2, 3))
        tensor([[1., 0., 0.],
                [0., 1., 0.]])

    References:
        Le, Jaitly & Hinton 2015, arXiv:1504.00941, section 3.
    """

def glorot_normal_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``glorot_normal``.

    Normal cut at two standard deviations, variance 1 / fan_avg.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import glorot_normal_
        >>> weight = glorot_normal_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Glorot & Bengio 2010, equation 12.
    """

def glorot_uniform_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``glorot_uniform``.

    Uniform, variance 1 / fan_avg.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import glorot_uniform_
        >>> weight = glorot_uniform_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Glorot & Bengio 2010, equation 16.
    """

def he_normal_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``he_normal``.

    Normal cut at two standard deviations, variance 2 / fan_in.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import he_normal_
        >>> weight = he_normal_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        He et al. 2015, arXiv:1502.01852, equation 10.
    """

def he_uniform_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``he_uniform``.

    Uniform, variance 2 / fan_in.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import he_uniform_
        >>> weight = he_uniform_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        He et al. 2015, arXiv:1502.01852, equation 10.
    """

def identity_(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``identity``.

    The identity matrix, times gain.

    Args:
        tensor: what to fill, in place.
        gain: factor on the weights.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import identity_
        >>> weight = identity_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Le, Jaitly & Hinton 2015, arXiv:1504.00941, section 3.
    """

def init_(
    tensor: torch.Tensor,
    scheme: _SchemeLike,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Fill a tensor by any scheme, in place.

    Args:
        tensor: float16, bfloat16, float32 or float64, with any strides, on any device; a
            parameter, a view of one, or a tensor without gradient. On the meta device
            there is nothing to write. Of a sharded one (DTensor, so also FSDP2) every rank
            draws its own part of the whole; the result does not depend on the mesh.
        scheme: a scheme or its name.
        seed: 0 ≤ seed < 2⁶⁴; without one it is drawn from torch's default generator, so
            that ``torch.manual_seed`` governs; for a sharded tensor, from that of its mesh's
            first rank. In code that ``torch.compile`` compiles it must be given.
        path: the weight's path in its model; every path has a stream of its own.
        axes: the role of each axis, a pattern or its name.
        engine: ``"portable"``, the same bits in every framework; or ``"native"``, the
            functions of ``torch.nn.init``, for which a path counts only beside a seed.
        generator: draws the seed in the place of torch's default one.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import fanwise, torch
        >>> weight = init_(torch.empty(4, 3), "he_normal", seed=0, path="dense/kernel")
        >>> kernel = fanwise.sample("he_normal", (3, 4), seed=0, path="dense/kernel")
        >>> bool((weight.numpy() == kernel.T).all())
        True
    """

def initialize(
    model: torch.nn.Module,
    recipe: _RecipeLike,
    *,
    seed: int | None = None,
    engine: Literal["portable", "native"] = "portable",
    generator: torch.Generator | None = None,
    only: str | Sequence[str] | None = None,
    exclude: str | Sequence[str] | None = None,
    missing: Any = None,
    dry_run: bool = False,
    report: bool = True,
    **variables: float | str,
) -> Summary:
    """Start a whole model by a recipe: the same function as its twins in other frameworks.

    Every weight is drawn from the seed and its canonical path. What a layer packs into one
    tensor (query, key and value; the gates of a recurrence) gets what separate weights
    would. A tensor that is shared is set once, under its first path. Running statistics are
    set too, and the rows of an embedding's padding are zero. A parameter that does not train
    is drawn only by a rule with ``frozen = true``. Wrappers (compilation, data parallelism,
    averaging, checkpointing) have no part in paths. Of a sharded model (DTensor,
    so also FSDP2) every rank draws its own parts, and every rank must call. On the meta
    device there is nothing to write: materialize the model first, or ask for a dry run.

    Args:
        model: any module.
        recipe: the name of one that comes with Fanwise, TOML text, the path of a TOML file,
            a dict of the same form, or a :class:`fanwise.spec.recipe.Recipe`.
        seed: 0 ≤ seed < 2⁶⁴; without one it is drawn once, from the generator, if anything
            random is drawn.
        engine: ``"portable"``, the same bits in every framework; or ``"native"``, the
            functions of ``torch.nn.init``, for which a path counts only beside a seed.
        generator: torch's, in the place of its default one.
        only: patterns of canonical paths; other weights are not touched.
        exclude: patterns of canonical paths that are not touched.
        missing: what a checkpoint did not bring, and all that is set: names of ``state_dict`` or
            canonical paths, what ``load_state_dict`` returned, or transformers' loading
            information; a tensor that was brought under one of several names is not missing.
            Without it, parameters that transformers marks as loaded
            (``_is_hf_initialized``) are left alone, unless ``only`` names them.
        dry_run: whether to check and report everything, problems too, and write nothing.
        report: whether to read every weight again, for its standard deviation; or in a dry run,
            what it holds now.
        variables: values in the place of the recipe's ``[vars]``.

    Returns:
        A :class:`Summary`, a row for each weight that the recipe sets, and the names of what is
        left as it is: other weights, buffers and tensors; ``str`` of it is a table.
        Observed is NaN where nothing was written, or nothing read again.

    Raises:
        FanwiseError: for bad input, a weight without a rule, a rule without a weight, and
            weights that cannot be drawn: quantized, sparse, overlapping, partly on the meta
            device, and so on; the model is then untouched.

    Warns:
        UnsetBufferWarning: where buffers seem to hold what lay in their memory before.

    Examples:
        >>> from torch import nn
        >>> model = nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2))
        >>> rules = [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}]
        >>> report = initialize(model, {"fanwise": 1, "rule": rules}, seed=0)
        >>> [row.path for row in report.rows]
        ['0/kernel', '0/bias', '2/kernel', '2/bias']
    """

@deprecated("Use kaiming_normal_.")
def kaiming_normal(
    tensor: torch.Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`kaiming_normal_`, under its old name, which torch deprecates."""

def kaiming_normal_(
    tensor: torch.Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor from N(0, gain² / fan), not cut.

    Args:
        tensor: what to fill, in place; at least two axes.
        a: the negative slope of ``"leaky_relu"``.
        mode: the fan that divides: ``"fan_in"``, ``"fan_out"``, or one that torch lacks,
            ``"fan_avg"`` and ``"fan_geo_avg"``.
        nonlinearity: whose gain is applied.
        fan: the fan itself, instead of the one counted from the shape.
        groups: the number of groups of a grouped convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = kaiming_normal_(torch.empty(3, 5), nonlinearity="relu", seed=0)

    References:
        He et al. 2015, equations 10 and 15.
    """

@deprecated("Use kaiming_uniform_.")
def kaiming_uniform(
    tensor: torch.Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`kaiming_uniform_`, under its old name, which torch deprecates."""

def kaiming_uniform_(
    tensor: torch.Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor from U(-l, l) with l = gain · √(3 / fan).

    Args:
        tensor: what to fill, in place; at least two axes.
        a: the negative slope of ``"leaky_relu"``.
        mode: the fan that divides: ``"fan_in"``, ``"fan_out"``, or one that torch lacks,
            ``"fan_avg"`` and ``"fan_geo_avg"``.
        nonlinearity: whose gain is applied.
        fan: the fan itself, instead of the one counted from the shape.
        groups: the number of groups of a grouped convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = kaiming_uniform_(torch.empty(3, 5), nonlinearity="relu", seed=0)

    References:
        He et al. 2015, equations 10 and 15.
    """

def layer_check(
    model: torch.nn.Module,
    *inputs: Any,
    keywords: Mapping[str, Any] | None = None,
    loss: Callable[[Any], torch.Tensor] | None = None,
) -> LayerCheck:
    """Run a model once, forward and back, and measure what passes through its layers.

    A layer is a module without children, or one that has weights of its own; children whose
    weights it describes as its own are part of it. Nothing of the model is changed: neither its
    weights and their ``grad``, nor its modes, nor what its layers keep, such as running
    statistics; and no generator of random numbers.

    Args:
        model: any module, in the mode (train or eval) in which it is to be seen.
        inputs: a batch, as the model takes it.
        keywords: what the model takes by name, e.g. what a tokenizer returns.
        loss: of the model's output, a scalar. Without one it is the scalar ``loss`` in the
            output, if there is one; else standard normal noise is sent back from every tensor of
            floats in the output, but for the caches of a next call. An output may be a
            tensor, a tuple, a dict, a dataclass or any object that holds some.

    Returns:
        The standard deviations of activations and gradients of the layers, a row for each call,
        in the order in which they ran; and the layers with weights that were not called. Of an
        output of several tensors, the first is shown. ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a module, a model on the meta device, a model that does
            not run, an output without floats, and a loss that is not a scalar.

    Examples:
        >>> import torch
        >>> from torch import nn
        >>> check = layer_check(nn.Sequential(nn.Linear(8, 4), nn.ReLU()), torch.ones(2, 8))
        >>> [layer.class_name for layer in check.layers]
        ['Linear', 'ReLU']
        >>> check = layer_check(nn.Linear(8, 4), keywords={"input": torch.ones(2, 8)})
        >>> check.layers[0].shape
        (2, 4)
    """

def lecun_normal_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``lecun_normal``.

    Normal cut at two standard deviations, variance 1 / fan_in.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import lecun_normal_
        >>> weight = lecun_normal_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        LeCun et al. 1998, Efficient BackProp, equation 16; Klambauer et al. 2017, arXiv:1706.02515.
    """

def lecun_uniform_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``lecun_uniform``.

    Uniform, variance 1 / fan_in.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import lecun_uniform_
        >>> weight = lecun_uniform_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        LeCun et al. 1998, Efficient BackProp, equation 16.
    """

@deprecated("Use normal_.")
def normal(
    tensor: torch.Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`normal_`, under its old name, which torch deprecates."""

def normal_(
    tensor: torch.Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor from the normal distribution N(mean, std²).

    Args:
        tensor: what to fill, in place.
        mean, std: mean and standard deviation.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = normal_(torch.empty(3, 5), std=0.02, seed=0)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, chapter 13.
    """

def ones_(
    tensor: torch.Tensor,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor with ones.

    Args:
        tensor: what to fill, in place.
        seed, path, engine: checked as in :func:`init_`; a constant needs none of them.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> ones_(torch.empty(2))
        tensor([1., 1.])

    References:
        Ioffe & Szegedy 2015, arXiv:1502.03167, section 3 (the gain of a normalization).
    """

@deprecated("Use orthogonal_.")
def orthogonal(
    tensor: torch.Tensor,
    gain: float = 1,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`orthogonal_`, under its old name, which torch deprecates."""

def orthogonal_(
    tensor: torch.Tensor,
    gain: float = 1,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor with a (semi-)orthogonal matrix, Haar-distributed, times gain.

    Args:
        tensor: what to fill, in place; at least two axes. The matrix is that of all ``out``
            axes against all others.
        gain: factor on the matrix.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = orthogonal_(torch.empty(3, 5), seed=0)

    References:
        Saxe et al. 2014, arXiv:1312.6120, section 3; Stewart 1980.
    """

def paths(
    model: torch.nn.Module,
) -> ModelPaths:
    """List the weights of a model as the rules of a recipe see them.

    Args:
        model: any module; one on the meta device too.

    Returns:
        A :class:`ModelPaths`, a row for each weight: its path, role, kind, class, shape, axes,
        and whether it trains; ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a module, or one with parameters without a shape.

    Examples:
        >>> from torch import nn
        >>> [row.path for row in paths(nn.Sequential(nn.Linear(3, 2), nn.LayerNorm(2))).rows]
        ['0/kernel', '0/bias', '1/scale', '1/offset']
    """

def register_layer(
    cls: type[torch.nn.Module],
    describe: Callable[[Any], Iterable[LayerWeight]],
) -> None:
    """Say what a layer of one's own stores, for everything that looks at a model.

    It counts for subclasses too, goes before what is known of the children of the layer,
    and takes the place of an earlier one for the same class. What is not described of a
    layer is treated as if nothing were registered.

    Args:
        cls: the class of the layer.
        describe: gives, for such a layer, a :class:`LayerWeight` for each of its weights. A
            parameter that is described at all must be described as a whole.

    Raises:
        FanwiseError: for anything but a class of modules and a function.

    Examples:
        >>> class Scaled(nn.Module): ...
        >>> register_layer(Scaled, lambda layer: [LayerWeight("g", "scale", "torch", "norm")])
    """

def set_initializer(
    layer: _Layer,
    kernel: _SchemeLike | None = "he_normal",
    bias: _SchemeLike | None = "zeros",
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
    generator: torch.Generator | None = None,
) -> _Layer:
    """Set the weights of one layer, by its true axes, groups and fans.

    It is :func:`fanwise.torch.initialize` of the layer by a recipe of two rules: the same
    weights under the same paths as in a model that has the layer at ``path``. Known are the
    layers of torch that have weights, and those of :func:`register_layer`. A layer without a
    bias needs none. What else a fresh layer starts with is set too: the running mean 0 and
    variance 1 of a batch normalization, the zeros of an embedding's padding, and the zeros
    of the second of two biases.

    Args:
        layer: the layer.
        kernel: a scheme or its name; None leaves kernels and embeddings as they are. The
            scale of a normalization is a vector without fans: there a scheme for matrices
            stands for ``"ones"``.
        bias: the same for the biases; a scheme that counts a fan takes that of the kernel
            which the bias stands beside, and stands for ``"zeros"`` in a normalization.
        seed: 0 ≤ seed < 2⁶⁴; without one it is drawn once, from the generator, if anything
            random is drawn.
        path: the layer's path in its model: its kernel is ``"<path>/kernel"``, its bias
            ``"<path>/bias"`` (without a path, ``"kernel"`` and ``"bias"``).
        engine: ``"portable"`` or ``"native"``.
        generator: torch's, in the place of its default one.

    Returns:
        The same layer.

    Warns:
        RepeatedStreamWarning: where another layer in use was drawn from this seed and path.

    Raises:
        FanwiseError: for bad input, and for a layer with weights of unknown axes; the layer
            is then untouched.

    Examples:
        >>> from torch import nn
        >>> layer = set_initializer(nn.Linear(6, 4), "he_normal", seed=0, path="dense")
        >>> layer.bias.tolist()
        [0.0, 0.0, 0.0, 0.0]
    """

@deprecated("Use sparse_.")
def sparse(
    tensor: torch.Tensor,
    sparsity: float,
    std: float = 0.01,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`sparse_`, under its old name, which torch deprecates."""

def sparse_(
    tensor: torch.Tensor,
    sparsity: float,
    std: float = 0.01,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a matrix from N(0, std²), with a fraction of every column set to zero.

    Args:
        tensor: what to fill, in place; two axes.
        sparsity: the fraction of the outputs of each input that is zero, rounded up.
        std: standard deviation of the others.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = sparse_(torch.empty(3, 5), sparsity=0.1, seed=0)

    References:
        Martens 2010, Deep learning via Hessian-free optimization, section 5.
    """

def summary(
    model: torch.nn.Module,
) -> Summary:
    """List the parameters of a model, each with its scheme, true fans and standard deviation.

    A row is called as :func:`initialize` and :func:`paths` call the weight, and by the tensor's own
    name where it holds several weights, or is computed from. A tensor that is used at several
    places is one row, under its first path. A scheme is
    shown as long as the tensor holds what it wrote: not after a step of training. Of a tensor
    that holds several weights, the schemes of all are shown, and what the weights have in
    common. A weight that a layer computes is one row, with the values that it has now, and as
    many parameters as there are behind it. A sharded tensor is shown as the whole that it is a
    part of; for that every rank of its mesh must make the summary, since the ranks add up what
    they see.

    Args:
        model: any module.

    Returns:
        A :class:`Summary`; ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a module, or one with parameters without a shape.

    Examples:
        >>> from torch import nn
        >>> summary(nn.Sequential(nn.Linear(3, 2, bias=False))).parameters
        6
    """

def torch_default_(
    tensor: torch.Tensor,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``torch_default``.

    Uniform on ±1 / √fan_in: what torch's layers start with, weight and bias.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import torch_default_
        >>> weight = torch_default_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        LeCun et al. 1998, Efficient BackProp, section 4.6; reset_parameters of torch.nn.Linear.
    """

def trunc_normal_(
    tensor: torch.Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor from N(mean, std²) cut to [a, b], in the units of the weight.

    The standard deviation is that of the normal before the cut. In contrast,
    :func:`truncated_normal_` takes its bounds in standard deviations, and corrects for
    the cut.

    Args:
        tensor: what to fill, in place.
        mean, std: mean and standard deviation of the normal before the cut.
        a, b: the bounds of the values.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = trunc_normal_(torch.empty(3, 5), std=0.02, a=-0.04, b=0.04, seed=0)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, section 10.1.
    """

def truncated_normal_(
    tensor: torch.Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    low: float = -2.0,
    high: float = 2.0,
    corrected: bool = True,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``truncated_normal``.

    Normal cut at low and high standard deviations.

    Args:
        tensor: what to fill, in place.
        mean: mean of the (uncut) normal.
        std: standard deviation of the weights.
        low: lower end: of a uniform, in the weight's units; of a cut, in standard deviations of the uncut normal.
        high: upper end, in the units of low.
        corrected: whether std is that of the cut weights (true) or of the normal before the cut (false).
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import truncated_normal_
        >>> weight = truncated_normal_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, section 10.1.
    """

@deprecated("Use uniform_.")
def uniform(
    tensor: torch.Tensor,
    a: float = 0.0,
    b: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`uniform_`, under its old name, which torch deprecates."""

def uniform_(
    tensor: torch.Tensor,
    a: float = 0.0,
    b: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor from the uniform distribution between a and b.

    Args:
        tensor: what to fill, in place.
        a, b: lower and upper end.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = uniform_(torch.empty(3, 5), -0.1, 0.1, seed=0)
        >>> bool((weight.abs() <= 0.1).all())
        True

    References:
        Johnson, Kotz & Balakrishnan 1995, Continuous Univariate Distributions 2, chapter 26.
    """

def unwritten(
    factory: Callable[[], torch.nn.Module],
    init: Callable[[torch.nn.Module], object] | None = None,
    *,
    seed: int = 0,
) -> Unwritten:
    """List the parameters and buffers that a start does not write.

    The model is built on the meta device, where nothing has values, and given memory that is
    filled with one pattern of bytes, then with another. What holds the pattern after both starts
    was not written; what differs otherwise was computed from memory, or is not repeatable. Ties,
    non-persistent buffers and tensors that are plain attributes are seen too. Random states of
    torch, NumPy and Python are put back.

    Args:
        factory: builds the model anew each time; it takes nothing.
        init: starts a model in place, or returns one that is started. ``None`` is the model's own
            way: its ``init_weights()``, or else ``reset_parameters()`` of each module.
        seed: of each start.

    Returns:
        A result with ``passed`` and ``rows``, which prints a line for each tensor.

    Raises:
        FanwiseError: for a factory that cannot build on the meta device, or an ``init`` that
            raises.

    Examples:
        >>> class Gate(nn.Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.fc = nn.Linear(2, 2)
        ...         self.gate = nn.Parameter(torch.empty(2))
        >>> def start(model):
        ...     model.fc.reset_parameters()
        ...     nn.init.zeros_(model.gate[:1])
        >>> print(unwritten(Gate, start))
        gate (parameter, [2]): nobody wrote some elements: 1 of 2, first [1]
        1 of 3 tensors are not set.
    """

def variance_scaling_(
    tensor: torch.Tensor,
    scale: float = 1.0,
    mode: str = "fan_in",
    distribution: str = "truncated_normal",
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor by the scheme ``variance_scaling``.

    Variance scale / fan, of the distribution asked for.

    Args:
        tensor: what to fill, in place; at least two axes, unless fan is given.
        scale: numerator of the variance.
        mode: the fan that divides the scale.
        distribution: the distribution; the normal is uncut, the truncated one cut at two standard deviations.
        fan: the fan itself, instead of the one counted from the shape.
        groups: number of groups of a grouped or depthwise convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> from fanwise.torch import variance_scaling_
        >>> weight = variance_scaling_(torch.empty(16, 8), seed=0, path="layer/kernel")
        >>> tuple(weight.shape)
        (16, 8)

    References:
        He et al. 2015, arXiv:1502.01852, section 2.2; Glorot & Bengio 2010, section 4.2.
    """

@deprecated("Use xavier_normal_.")
def xavier_normal(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`xavier_normal_`, under its old name, which torch deprecates."""

def xavier_normal_(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor from N(0, gain² · 2 / (fan_in + fan_out)), not cut.

    Args:
        tensor: what to fill, in place; at least two axes.
        gain: factor on the weights.
        fan: the mean of fan_in and fan_out, instead of the one counted from the shape.
        groups: the number of groups of a grouped convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = xavier_normal_(torch.empty(3, 5), gain=2.0, seed=0)

    References:
        Glorot & Bengio 2010, equation 12.
    """

@deprecated("Use xavier_uniform_.")
def xavier_uniform(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Run :func:`xavier_uniform_`, under its old name, which torch deprecates."""

def xavier_uniform_(
    tensor: torch.Tensor,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor from U(-l, l) with l = gain · √(6 / (fan_in + fan_out)).

    Args:
        tensor: what to fill, in place; at least two axes.
        gain: factor on the weights.
        fan: the mean of fan_in and fan_out, instead of the one counted from the shape.
        groups: the number of groups of a grouped convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = xavier_uniform_(torch.empty(3, 5), gain=2.0, seed=0)

    References:
        Glorot & Bengio 2010, equation 16.
    """

def zeros_(
    tensor: torch.Tensor,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: Literal["portable", "native"] = "portable",
) -> torch.Tensor:
    """Fill a tensor with zeros.

    Args:
        tensor: what to fill, in place.
        seed, path, engine: checked as in :func:`init_`; a constant needs none of them.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> zeros_(torch.empty(2))
        tensor([0., 0.])

    References:
        Common usage; for biases and the last layer of a residual branch.
    """

__all__ = [
    "LayerWeight",
    "Span",
    "_calculate_correct_fan",
    "_calculate_fan_in_and_fan_out",
    "_no_grad_fill_",
    "_no_grad_normal_",
    "_no_grad_trunc_normal_",
    "_no_grad_uniform_",
    "_no_grad_zero_",
    "calculate_gain",
    "capture",
    "constant",
    "constant_",
    "delta_orthogonal_",
    "dirac",
    "dirac_",
    "eye",
    "eye_",
    "glorot_normal_",
    "glorot_uniform_",
    "he_normal_",
    "he_uniform_",
    "identity_",
    "init_",
    "initialize",
    "kaiming_normal",
    "kaiming_normal_",
    "kaiming_uniform",
    "kaiming_uniform_",
    "layer_check",
    "lecun_normal_",
    "lecun_uniform_",
    "normal",
    "normal_",
    "ones_",
    "orthogonal",
    "orthogonal_",
    "paths",
    "register_layer",
    "set_initializer",
    "sparse",
    "sparse_",
    "summary",
    "torch_default_",
    "trunc_normal_",
    "truncated_normal_",
    "uniform",
    "uniform_",
    "unwritten",
    "variance_scaling_",
    "xavier_normal",
    "xavier_normal_",
    "xavier_uniform",
    "xavier_uniform_",
    "zeros_",
]
