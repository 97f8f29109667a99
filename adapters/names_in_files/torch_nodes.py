"""What a module of torch is by the names and shapes of its tensors."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.guesses.bare_parameter import ONE_PLUS, Guess
from fanwise.adapters.guesses.kernels import IN_OUT
from fanwise.adapters.guesses.parameters import guess_parameter
from fanwise.adapters.layer_weights import LayerWeight, Shape, Shapes
from fanwise.adapters.names_in_files import torch_layers
from fanwise.adapters.names_in_files.nodes import NameNode

#: How torch reads the axes of a parameter of no known layer.
AXES: Final = "torch"

#: Modules that hold a table, by their names: what they end in, and whole names.
_TABLE: Final = re.compile(
    r"(?:\w+_)?(?:emb|embs|embed|embeds|embedding|embeddings|embedder|embedders)"
    r"(?:_(?:\d+|in|tokens|positions|timestep|global|table|layer|im|words|type|code|codes))*"
    r"|wte|wpe|shared|relative_attention_bias|(?:\w+_)?(?:tokens?|tokens_embed|pe_[kv])"
    r"|query_feat|atomref|class_embeds?|codebook",
)
#: Those that are called so, and multiply.
_NO_TABLE: Final = re.compile(
    r"(?:patch|time|timestep|feature|value|image|pixel)_?(?:embedder|embedding|embed|emb)"
)
#: Modules that normalize, by their names.
_NORM: Final = re.compile(r"norm|(?:^|_)(?:ln|bn|gn|rms|rmsn)(?:$|_|\d)|layernorm", re.IGNORECASE)
#: Modules whose convolution is turned, by their names, or by those of the modules around them.
_TURNED: Final = re.compile(r"(?:^|_)ups?(?:$|_|\d)|upconv|upsampl|upscal")
_TURNED_AROUND: Final = re.compile(r"deconv|conv_?trans|transp")
#: Those of one filter for each channel.
_DEPTHWISE: Final = re.compile(r"dw|depth")
#: Normalizations of ConvNeXt that no library has from torch.
_RESPONSE: Final = re.compile(r"grn|global_response_norm")
#: Routers of experts, of which every library has a class of its own.
_ROUTER: Final = re.compile(r"gate|router|wg")
#: Of short names of modules, what their classes are called.
_CLASSES: Final = {"ls": "LayerScale", "grn": "GRN", "ln": "LayerNorm", "bn": "BatchNorm"}
_FIELDS: Final = (1, 2, 3)


@dataclass(frozen=True)
class ModuleReading:
    """What a module is by its names.

    Attributes:
        described: the weights of a layer of torch's own.
        guesses: what parameters of no known layer are.
        guess: why the kernel is what it is, where names did not tell.
        readings: the axes that it may have.
    """

    described: tuple[LayerWeight, ...] = ()
    guesses: Mapping[str, Guess] | None = None
    guess: str = ""
    readings: tuple[str, ...] = ()


def read_gates(shapes: Shapes) -> tuple[LayerWeight, ...]:
    """Describe a recurrence, or a cell of one; nothing for anything else."""
    suffix = "_l0" if "weight_ih_l0" in shapes else ""
    recurrent = shapes.get(f"weight_hh{suffix}", ())
    if f"weight_ih{suffix}" not in shapes or len(recurrent) != 2:
        return ()
    rows = recurrent[0]
    projected = f"weight_hr{suffix}" in shapes
    # With a projection the state is shorter than what the gates make; only an LSTM has one.
    count = 4 if projected else rows // max(recurrent[1], 1)
    kind = next((kind for kind, gates in torch_layers.GATES.items() if gates == count), "")
    if not kind or rows % count:
        return ()
    bias = f"bias_ih{suffix}" in shapes
    if not suffix:
        return tuple(torch_layers.gates(kind, rows // count, bias=bias))
    layers = sum(re.fullmatch(r"weight_ih_l\d+", name) is not None for name in shapes)
    return tuple(
        torch_layers.recurrence(
            kind,
            rows // count,
            layers=layers,
            bidirectional="weight_ih_l0_reverse" in shapes,
            bias=bias,
            projected=projected,
        )
    )


def read_attention(shapes: Shapes) -> tuple[LayerWeight, ...]:
    """Describe torch's attention; nothing for anything else."""
    if "out_proj.weight" not in shapes:
        return ()
    packed, query = shapes.get("in_proj_weight", ()), shapes.get("q_proj_weight", ())
    if len(packed) == 2 and packed[0] == 3 * packed[1]:
        return tuple(torch_layers.attention(packed[1], apart=False))
    if len(query) == 2 and {"k_proj_weight", "v_proj_weight"} <= shapes.keys():
        return tuple(torch_layers.attention(query[0], apart=True))
    return ()


def _no_batches(mean: NDArray[Any]) -> NDArray[Any]:
    """Return the number of batches that fresh statistics have seen."""
    return np.zeros((), mean.dtype)


#: What starts with running statistics.
_COUNTED: Final = (("num_batches_tracked", _no_batches),)


def read_module(node: NameNode, shapes: Shapes, turned: Collection[str]) -> ModuleReading:
    """Tell what the ``weight`` of a module is, and the bias beside it.

    Args:
        node: the module.
        shapes: of its tensors that are not yet known.
        turned: names of modules whose matrices are (in, out) where that shows.
    """
    weight, bias = shapes["weight"], shapes.get("bias")
    if "running_mean" in shapes:
        return ModuleReading(torch_layers.norm(1, _COUNTED))
    if _RESPONSE.fullmatch(node.last):
        return ModuleReading(guesses=dict(guesses_of(node, shapes)))
    if len(weight) < 2:
        return _vector(node, weight, bias)
    if bias == weight and math.prod(weight) in weight:
        why = "a gain with as many axes as what it scales, which adds the input to that"
        words = " ".join(["out"] * len(weight))
        return ModuleReading(
            guesses={
                "weight": Guess("scale", ONE_PLUS, words, why),
                "bias": Guess("offset", "norm", words, why),
            }
        )
    if len(weight) == 2:
        return _matrix(node, weight, bias, turned)
    return _convolution(node, weight, bias)


def _vector(node: NameNode, weight: Shape, bias: Shape | None) -> ModuleReading:
    """Read a ``weight`` of one axis: a gain, by itself or with an offset."""
    if bias is not None and bias == weight:
        return ModuleReading(torch_layers.norm(len(weight)))
    if not _NORM.search(node.last) or weight == (1,):
        return ModuleReading(guesses={"weight": Guess.of_none(AXES)})
    why = (
        f"a gain by the name of its module, {node.last}; whether 1 is added to it, and whether "
        "its module is torch's own, no name tells"
    )
    return ModuleReading(guesses={"weight": Guess("scale", "norm", AXES, why)})


def _matrix(
    node: NameNode, weight: Shape, bias: Shape | None, turned: Collection[str]
) -> ModuleReading:
    """Read a ``weight`` of two axes: a table, or a kernel, which some libraries turn."""
    last = node.last
    if bias is None and is_table(node.path):
        return ModuleReading((torch_layers.embedding(),), guess=f"a table by its name, {last}")
    if bias is not None and last in turned:
        beside = "it" if weight[0] != weight[1] else "modules like it"
        why = f"a kernel by its name, weight, with axes by the length of bias beside {beside}"
        return ModuleReading(
            guesses={
                "weight": Guess("kernel", "dense", IN_OUT, why),
                "bias": Guess("bias", "dense", AXES, why, "weight"),
            }
        )
    if bias is not None and bias != weight[:1]:
        return ModuleReading(guesses=dict(guesses_of(node, {"weight": weight, "bias": bias})))
    return ModuleReading(torch_layers.kernel_and_bias("torch", "dense"))


def is_table(path: Sequence[str]) -> bool:
    """Tell by the names of a module whether its matrix is looked up, and not multiplied.

    Args:
        path: the names from the top.
    """
    last = next((name for name in reversed(path) if not name.isdigit()), "")
    return bool(_TABLE.fullmatch(last)) and not _NO_TABLE.fullmatch(last)


def _convolution(node: NameNode, weight: Shape, bias: Shape | None) -> ModuleReading:
    """Read a ``weight`` of more axes: a convolution, plain or turned, in groups or not."""
    last, field = node.last, len(weight) - 2
    if field not in _FIELDS or (bias is not None and len(bias) != 1):
        return ModuleReading(guesses=dict(guesses_of(node, node.shapes)))
    plain, other = bias in (None, weight[:1]), bias in (None, weight[1:2])
    if not plain and not other:
        return _in_groups(node, weight, bias)
    if other and (not plain or _is_turned(node)):
        why = "" if not plain else f"a transposed convolution by the name of its module, {last}"
        return ModuleReading(
            torch_layers.kernel_and_bias("torch_transposed", "conv_transpose"), guess=why
        )
    if weight[1] == 1 < weight[0]:
        why = "a convolution of one filter for each channel, by its one input"
        return ModuleReading(
            torch_layers.kernel_and_bias("torch", "depthwise_conv", weight[0]), guess=why
        )
    return ModuleReading(torch_layers.kernel_and_bias("torch", "conv"))


def _is_turned(node: NameNode) -> bool:
    """Tell by names whether a convolution is turned."""
    around = "/".join(node.path[-2:])
    return bool(_TURNED.search(node.last) or _TURNED_AROUND.search(around))


def _in_groups(node: NameNode, weight: Shape, bias: Shape | None) -> ModuleReading:
    """Read what has another number of outputs than axes: turned, and in groups."""
    if bias is not None and bias[0] % weight[1] == 0 and weight[0] % (bias[0] // weight[1]) == 0:
        groups = bias[0] // weight[1]
        return ModuleReading(
            torch_layers.kernel_and_bias("torch_transposed", "conv_transpose", groups),
            guess="a transposed convolution in groups, by the length of its bias",
        )
    return ModuleReading(guesses=dict(guesses_of(node, node.shapes)))


def guesses_of(node: NameNode, shapes: Shapes) -> Iterator[tuple[str, Guess]]:
    """Guess what the parameters of a module are of which nothing is known.

    The name of the module stands for that of its class.

    Args:
        node: the module.
        shapes: of the parameters.
    """
    cls = _class_like(node.last)
    for name, shape in shapes.items():
        if name.isdigit():
            # Of a list of parameters, whose name is that of the parameter.
            above = [part for part in node.path[:-1] if not part.isdigit()]
            owner = _class_like(above[-1] if above else "")
            yield name, guess_parameter(owner, node.last, shape, {node.last: shape}, AXES)
        else:
            yield name, guess_parameter(cls, name, shape, shapes, AXES)


def turned_modules(nodes: Collection[NameNode]) -> frozenset[str]:
    """Name the modules whose matrices are (in, out), by the biases beside them.

    GPT-2's are. Of those that are square everywhere the modules around them tell.
    """
    votes: dict[str, int] = {}
    around: dict[tuple[str, ...], int] = {}
    square: dict[str, list[tuple[str, ...]]] = {}
    for node in nodes:
        weight, bias = node.tensors.get("weight"), node.tensors.get("bias")
        if weight is None or bias is None or len(weight.shape) != 2:
            continue
        rows, columns = weight.shape
        if rows == columns:
            square.setdefault(node.last, []).append(node.path[:-1])
        elif bias.shape in ((rows,), (columns,)):
            vote = 1 if bias.shape == (columns,) else -1
            votes[node.last] = votes.get(node.last, 0) + vote
            around[node.path[:-1]] = around.get(node.path[:-1], 0) + vote
    turned = {name for name, count in votes.items() if count > 0}
    turned |= {
        name
        for name, places in square.items()
        if name not in votes and sum(around.get(place, 0) for place in places) > 0
    }
    return frozenset(turned)


def is_router(node: NameNode, above: NameNode | None) -> bool:
    """Tell whether a module routes to experts, by its name and what lies beside it."""
    beside = set() if above is None else above.children
    return bool(_ROUTER.fullmatch(node.last)) and any("expert" in name for name in beside)


def _class_like(name: str) -> str:
    """Spell the name of a module as its class may be called."""
    bare = re.sub(r"\d+$", "", name).strip("_")
    if bare in _CLASSES:
        return _CLASSES[bare]
    return "".join(word[:1].upper() + word[1:] for word in bare.split("_"))
