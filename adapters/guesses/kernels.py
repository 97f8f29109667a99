"""Which axis of a matrix holds the inputs, and which the outputs: kernels of other libraries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from fanwise.adapters.guesses.bare_parameter import EXPERTS, BareParameter, Guess
from fanwise.adapters.guesses.code import read_product
from fanwise.adapters.guesses.pairs import bias_of
from fanwise.adapters.layer_weights import PARAMETER, Shape

IN_OUT, OUT_IN = "in out", "out in"


class Reading(NamedTuple):
    """Which axis is which, and what says so."""

    words: str
    why: str


#: What kernels are called; and what only they are called, whose axes are asked for.
_NAMES: Final = re.compile(r"weight|kernel|w|W|proj|\w+_(?:proj|projection|kernel|weight)")
_SURE_NAMES: Final = re.compile(r"weight|kernel|w|W|proj|\w+_(?:proj|projection|kernel)")
#: Matrices of these classes are looked up, not multiplied.
_TABLES: Final = re.compile(r"[Ee]mbedding|[Cc]odebook|[Qq]uantizer")
#: Classes of which even a square matrix can be read.
_CLASSES: Final = (
    ("transformers.pytorch_utils.Conv1D", "weight", IN_OUT),  # x @ weight, as in GPT-2
    ("transformers.models.ibert.quant_modules.QuantLinear", "weight", OUT_IN),
    ("torch_geometric.nn.dense.linear.Linear", "weight", OUT_IN),
    ("torch_geometric.nn.dense.linear.HeteroLinear", "weight", IN_OUT),
)
#: What layers call the numbers of their inputs and outputs.
_PAIRS: Final = (
    ("in_features", "out_features"),
    ("in_channels", "out_channels"),
    ("input_features", "output_features"),
    ("input_size", "output_size"),
    ("input_dim", "output_dim"),
    ("group_in_dim", "group_out_dim"),
    ("in_dim", "out_dim"),
    ("dim_in", "dim_out"),
    ("n_in", "n_out"),
    ("nx", "nf"),
)
#: What layers of experts call their number, and the widths outside and inside of an expert.
_EXPERTS: Final = (
    "num_experts",
    "n_experts",
    "num_local_experts",
    "n_routed_experts",
    "num_routed_experts",
    "n_shared_experts",
    "n_total_experts",
    "moe_num_experts",
)
_OUTSIDE: Final = (
    "hidden_size",
    "hidden_dim",
    "d_model",
    "embed_dim",
    "model_dim",
    "gating_dim",
    "dim",
)
_INSIDE: Final = (
    "intermediate_size",
    "intermediate_dim",
    "moe_intermediate_size",
    "moe_intermediate_dim",
    "ffn_hidden_size",
    "ffn_dim",
    "expert_dim",
)
#: Kernels of experts by their names: what leads into one, with the number of parts that lie side
#: by side in it, and what leads out. GPT-OSS has the two parts in turn: as one law, all the same.
_INTO: Final = {"gate_up_proj": 2, "gate_proj": 1, "up_proj": 1, "w1": 1, "w3": 1}
_OUT_OF: Final = ("down_proj", "w2")
#: Classes whose matrix has a row for each expert.
_ROUTERS: Final = re.compile(r"Router|Gate$|Gating$")


def guess_kernel(parameter: BareParameter) -> Guess | None:
    """Tell a kernel of two axes, or of several kernels in one; None for anything else."""
    axes, name = len(parameter.shape), parameter.name
    if axes not in (2, 3) or _TABLES.search(parameter.simple_class):
        return None
    expert = axes == 3 and (name in _INTO or name in _OUT_OF)
    if not expert and not _NAMES.fullmatch(name):
        return None
    readings = tuple(_readings(parameter, expert=expert))
    stacks = "batch " * (axes - 2)
    if not readings and not _is_kernel(parameter, expert=expert):
        return None
    if len({reading.words for reading in readings}) != 1:
        why = f"by its name, {name}, a kernel, of which the inputs cannot be told from the outputs"
        either = (stacks + IN_OUT, stacks + OUT_IN)
        return Guess("", PARAMETER, parameter.axes, why, readings=either)
    words = readings[0].words
    parts = _INTO.get(name, 1) if expert else 1
    if parts > 1 and parameter.shape[axes - 2 + words.split().index("out")] % parts == 0:
        words = words.replace("out", f"({parts} out)")
    kind = EXPERTS if expert or (axes == 3 and parameter.sizes(*_EXPERTS)) else "dense"
    why = f"a kernel by its name, {name}, with axes by {readings[0].why}"
    return Guess("kernel", kind, stacks + words, why)


def _is_kernel(parameter: BareParameter, *, expert: bool) -> bool:
    """Tell whether a parameter is a kernel, even if nothing tells its axes apart."""
    # Of three axes, the last may be a field; and one row may be a vector.
    matrix = len(parameter.shape) == 2 and min(parameter.shape) > 1
    return expert or (matrix and _SURE_NAMES.fullmatch(parameter.name) is not None)


def _readings(parameter: BareParameter, *, expert: bool) -> Iterator[Reading]:
    """Give what each source of evidence says, the surest first."""
    for cls, name, words in _CLASSES:
        if (parameter.class_name, parameter.name) == (cls, name):
            yield Reading(words, f"its class, {parameter.simple_class}")
    if words := read_product(parameter.source, parameter.name):
        yield Reading(words, "the product that its layer computes")
    first, second = parameter.shape[-2:]
    for inputs, outputs in _PAIRS:
        sizes = parameter.sizes(inputs), parameter.sizes(outputs)
        if all(sizes) and (words := _decide((first, second), *sizes)):
            yield Reading(words, f"its layer's {inputs} and {outputs}")
    if expert:
        yield from _of_experts(parameter)
    else:
        router = _ROUTERS.search(parameter.simple_class) is not None
        words = _decide((first, second), set(), parameter.sizes(*_EXPERTS) if router else set())
        if words:
            yield Reading(words, "its layer's number of experts")
    yield from _by_bias(parameter)


def _of_experts(parameter: BareParameter) -> Iterator[Reading]:
    """Read a kernel of experts by their widths, or by the shapes of what leads in and out."""
    shape, into = parameter.shape[-2:], parameter.name in _INTO
    parts = _INTO.get(parameter.name, 1)
    inside = {parts * size for size in parameter.sizes(*_INSIDE)}
    outside = parameter.sizes(*_OUTSIDE)
    for known, inner in ((inside, True), (outside, False)):
        sides = (set[int](), known) if into == inner else (known, set[int]())
        if words := _decide(shape, *sides):
            yield Reading(words, "its layer's widths")
    # Of a gate and its partner in one, the outputs are twice the inputs of what follows.
    pair = (parameter.siblings.get("gate_up_proj"), parameter.siblings.get("down_proj"))
    if pair[0] is not None and pair[1] is not None and len(pair[0]) == len(pair[1]) == 3:
        (a, b), (c, d) = pair[0][-2:], pair[1][-2:]
        if (b, a) == (c, 2 * d):
            yield Reading(OUT_IN, "the shapes of gate_up_proj and down_proj")
        elif (a, b) == (d, 2 * c):
            yield Reading(IN_OUT, "the shapes of gate_up_proj and down_proj")


def _by_bias(parameter: BareParameter) -> Iterator[Reading]:
    """Read a kernel by the bias beside it, which is as long as its outputs."""
    bias = bias_of(parameter.name, parameter.siblings)
    if bias is None:
        return
    *stacks, size = parameter.siblings[bias] or (0,)
    words = _decide(parameter.shape[-2:], set(), {size})
    if words and tuple(stacks) == parameter.shape[:-2]:
        yield Reading(words, f"the length of {bias} beside it")


def _decide(shape: Shape, inputs: set[int], outputs: set[int]) -> str:
    """Tell which axis is which by what their sizes may be, no sizes for any; "" for no telling."""
    first, second = shape

    def fits(size: int, sizes: set[int]) -> bool:
        return not sizes or size in sizes

    in_out = fits(first, inputs) and fits(second, outputs)
    out_in = fits(first, outputs) and fits(second, inputs)
    if in_out == out_in:
        return ""
    return IN_OUT if in_out else OUT_IN
