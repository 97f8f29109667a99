"""What other libraries' classes start their parameters with, where their code does not tell it.

A line or two for each parameter, with the class that it was read from. No library is imported for
it: classes are known by their dotted names. What the code of a class says by itself, by torch's
own functions, needs no line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Final, NamedTuple

from torch import nn

from fanwise.adapters.torch.layers.classes import class_name
from fanwise.spec.expressions import names_in, value
from fanwise.spec.registry import KEEP, scheme
from fanwise.spec.weights import Start


class LibraryStart(NamedTuple):
    """A line of the table.

    Attributes:
        cls: a pattern of the full dotted name of the class, with ``*`` for any part of it.
        parameter: a pattern of the parameter's name in its layer.
        init: what it starts with, as in a rule: the name of a scheme, or its numbers, which may
            be expressions of the layer's own numbers, those of its ``config``, and ``size_0``,
            ``size_1``, …, ``size_last``, the sizes of the parameter; or ``"keep"`` for a formula.
        source: where the library says so.
    """

    cls: str
    parameter: str
    init: str | Mapping[str, object]
    source: str


def _normal(std: float | str) -> dict[str, object]:
    return {"scheme": "normal", "std": std}


#: The first line that fits counts.
LIBRARY_STARTS: Final = (
    # Made and drawn in a loop, by names that are put together.
    LibraryStart("timm.*.CrossVit", "pos_embed_*", _normal(0.02), "timm 1.0.31, crossvit.py"),
    LibraryStart("timm.*.CrossVit", "cls_token_*", _normal(0.02), "timm 1.0.31, crossvit.py"),
    # Taken out of the tower that had started it.
    LibraryStart(
        "open_clip.model.CLIP",
        "positional_embedding",
        _normal(0.01),
        "open_clip 3.3, transformer.py: TextTransformer.init_parameters",
    ),
    LibraryStart(
        "open_clip.model.CLIP",
        "text_projection",
        _normal("size_0 ^ -0.5"),
        "open_clip 3.3, transformer.py: TextTransformer.init_parameters",
    ),
    LibraryStart(
        "open_clip.*.MultimodalTransformer",
        "text_projection",
        _normal("size_0 ^ -0.5"),
        "open_clip 3.3, transformer.py: MultimodalTransformer.init_parameters",
    ),
    LibraryStart(
        "timm.models.swiftformer.EfficientAdditiveAttention",
        "w_g",
        _normal(1),
        "timm 1.0, models/swiftformer.py: EfficientAdditiveAttention",
    ),
    LibraryStart(
        "timm.models.volo.VOLO", "cls_token", _normal(0.02), "timm 1.0, models/volo.py: VOLO"
    ),
    LibraryStart(
        "diffusers.models.transformers.*",
        "scale_shift_table",
        _normal("size_last ^ -0.5"),
        "diffusers 0.42, transformers/: scale_shift_table",
    ),
    LibraryStart(
        "diffusers.models.attention.BasicTransformerBlock",
        "scale_shift_table",
        _normal("size_last ^ -0.5"),
        "diffusers 0.42, attention.py: BasicTransformerBlock",
    ),
    LibraryStart(
        "diffusers.*.AuraFlowTransformer2DModel",
        "register_tokens",
        _normal(0.02),
        "diffusers 0.42, auraflow_transformer_2d.py: register_tokens",
    ),
    LibraryStart(
        "diffusers.*.HunyuanDiT2DModel",
        "text_embedding_padding",
        _normal(1),
        "diffusers 0.42, hunyuan_transformer_2d.py: text_embedding_padding",
    ),
    LibraryStart(
        "x_transformers.*Wrapper",
        "memory_tokens",
        _normal(1),
        "x-transformers 2.31, x_transformers.py: TransformerWrapper",
    ),
    LibraryStart(
        "x_transformers.*.ViTransformerWrapper",
        "register_tokens",
        _normal(1),
        "x-transformers 2.31, x_transformers.py: ViTransformerWrapper",
    ),
    LibraryStart(
        "egnn_pytorch.*.EGNN_Network",
        "global_tokens",
        _normal(1),
        "egnn-pytorch 0.2, egnn_pytorch.py: EGNN_Network",
    ),
    LibraryStart(
        "vector_quantize_pytorch.*.Codebook",
        "embed",
        {
            "scheme": "uniform",
            "low": "-sqrt(6 / (size_1 * size_2))",
            "high": "sqrt(6 / (size_1 * size_2))",
        },
        "vector-quantize-pytorch 1.32, vector_quantize_pytorch.py: uniform_init",
    ),
    LibraryStart(
        "torchrl.*Cell",
        "*_[ih]h",
        {
            "scheme": "uniform",
            "low": "-1 / sqrt(hidden_size)",
            "high": "1 / sqrt(hidden_size)",
        },
        "torchrl 0.14, modules/tensordict_module/rnn.py: RNNCellBase of torch",
    ),
    LibraryStart(
        "torchvision.models.*.ShiftedWindowAttention*",
        "relative_position_bias_table",
        _normal(0.02),
        "torchvision 0.29, models/swin_transformer.py: define_relative_position_bias_table",
    ),
    LibraryStart(
        "torchvision.models.video.mvit.PositionalEncoding",
        "*",
        _normal(0.02),
        "torchvision 0.29, models/video/mvit.py: MViT",
    ),
    LibraryStart(
        "torchvision.models.video.mvit.MultiscaleAttention",
        "rel_pos_*",
        _normal(0.02),
        "torchvision 0.29, models/video/mvit.py: MultiscaleAttention",
    ),
    LibraryStart(
        "x_transformers.*.Attention", "mem_[kv]", _normal(1), "x-transformers 2.31: Attention"
    ),
    LibraryStart(
        "gpytorch.*.IndexKernel", "covar_factor", _normal(1), "gpytorch 1.15, index_kernel.py"
    ),
    LibraryStart("gpytorch.*.IndexKernel", "raw_var", _normal(1), "gpytorch 1.15, index_kernel.py"),
    LibraryStart("gpytorch.*.LinearMean", "weights", _normal(1), "gpytorch 1.15, linear_mean.py"),
    LibraryStart(
        "gpytorch.*.MultitaskGaussianLikelihood",
        "task_noise_covar_factor",
        _normal(1),
        "gpytorch 1.15, multitask_gaussian_likelihood.py",
    ),
    LibraryStart(
        "vit_pytorch.cct.TransformerClassifier",
        "positional_emb",
        _normal(0.2),
        "vit_pytorch 1.26, cct.py: TransformerClassifier",
    ),
    LibraryStart(
        "vit_pytorch.*.HyperConnection",
        "static_alpha",
        KEEP,
        "vit_pytorch 1.26, simple_vit_with_hyper_connections.py: an identity and a column of one 1",
    ),
)


def library_start(layer: nn.Module, name: str, shape: tuple[int, ...]) -> Start | None:
    """Look up what a library's layer starts a parameter with; None for what has no line.

    Args:
        layer: any module.
        name: of the parameter in it.
        shape: of the parameter.

    Raises:
        FanwiseError: for an expression of what the layer does not have.
    """
    line = _line(class_name(layer), name)
    if line is None:
        return None
    if line.init == KEEP:
        return Start(None, text=f"a formula: {line.source}", keeps=True)
    if isinstance(line.init, str):
        return Start(scheme(line.init), text=line.source)
    sizes = {f"size_{axis}": size for axis, size in enumerate(shape)}
    if shape:
        sizes["size_last"] = shape[-1]
    numbers = {
        key: _number(item, layer, sizes) if isinstance(item, str) else item
        for key, item in line.init.items()
        if key != "scheme"
    }
    return Start(scheme(str(line.init["scheme"]), **numbers), text=line.source)


@cache
def _line(cls: str, name: str) -> LibraryStart | None:
    return next(
        (
            line
            for line in LIBRARY_STARTS
            if fnmatchcase(cls, line.cls) and fnmatchcase(name, line.parameter)
        ),
        None,
    )


def _number(text: str, layer: Any, sizes: Mapping[str, float]) -> float:
    """Evaluate an expression of a layer's numbers."""
    config = getattr(layer, "config", None)
    names = dict(sizes)
    for name in names_in(text) - sizes.keys():
        held = getattr(layer, name, getattr(config, name, None))
        if isinstance(held, int | float):
            names[name] = held
    return value(text, names)
