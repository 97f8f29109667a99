"""The gates of recurrent cells: one weight each with the gates as batches, however they lie.

A cell that stores a kernel for each gate has one batch in each; one that stores a single
kernel has them side by side. The order is that of the canonical weight: input, forget, cell,
output for an LSTM; reset, update, new for a GRU. A cell with a single kernel, which nnx alone
has, is of a variant of its kind: Flax draws all of that kernel as one matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fanwise.adapters.jax.layers.description import Part, Place, Shapes


def lstm(cell: Any, shapes: Shapes) -> tuple[Part, ...]:
    """An LSTM, whose forget gate has a bias of its own."""
    del cell
    if "dense_i/kernel" not in shapes:
        # nnx keeps "if" as "if_".
        into = [f"i{gate}_" if f"i{gate}_/kernel" in shapes else f"i{gate}" for gate in "ifgo"]
        over = [f"h{gate}" for gate in "ifgo"]
        made = _kernels("lstm", shapes, into, over)
        if "hi/bias" not in shapes:
            return made
        others = [over[0], over[2], over[3]]
        forget = Part("forget_bias", "out", "lstm", (Place("hf/bias"),), beside="kernel")
        return *made, _biases("lstm", shapes, others), forget
    kind = "lstm/joint"
    made = _packed(kind, 4)
    if "dense_h/bias" not in shapes:
        return made
    (size,) = shapes["dense_h/bias"]
    size //= 4
    first, rest = slice(0, size), slice(2 * size, 4 * size)
    places = (
        Place("dense_h/bias", (first,), (slice(0, 1),)),
        Place("dense_h/bias", (rest,), (slice(1, 3),)),
    )
    bias = Part("bias", "batch out", kind, places, (3, size), beside="kernel")
    middle = Place("dense_h/bias", (slice(size, 2 * size),))
    return *made, bias, Part("forget_bias", "out", kind, (middle,), (size,), beside="kernel")


def gru(cell: Any, shapes: Shapes) -> tuple[Part, ...]:
    """A GRU; in linen the new gate alone has a second bias."""
    del cell
    if "dense_i/kernel" in shapes:
        made = _packed("gru/joint", 3)
        if "dense_i/bias" not in shapes:
            return made
        place = (Place("dense_i/bias"),)
        return *made, Part("bias", "(3 out)", "gru/joint", place, beside="kernel")
    into, over = [f"i{gate}" for gate in "rzn"], [f"h{gate}" for gate in "rzn"]
    made = (*_kernels("gru", shapes, into, over), _biases("gru", shapes, into))
    return *made, _last_bias("gru", "hn/bias", 3, shapes)


def mgu(cell: Any, shapes: Shapes) -> tuple[Part, ...]:
    """A minimal gated unit: forget and new."""
    del cell
    made = _kernels("mgu", shapes, ["if", "in"], ["hf", "hn"])
    bias = Part("bias", "out", "mgu", (Place("in/bias"),), beside="kernel")
    forget = Part("forget_bias", "out", "mgu", (Place("if/bias"),), beside="kernel")
    if "hn/bias" not in shapes:
        return *made, bias, forget
    return *made, bias, forget, _last_bias("mgu", "hn/bias", 2, shapes)


def conv_lstm(cell: Any, shapes: Shapes) -> tuple[Part, ...]:
    """A convolutional LSTM, which stores input, cell, forget, output, and has two biases."""
    del cell
    made: tuple[Part, ...] = ()
    for conv, before in (("ih", ""), ("hh", "recurrent_")):
        kernel = f"{before}kernel"
        *field, inputs, features = shapes[f"{conv}/kernel"]
        shape = (4, *field, inputs, features // 4)
        axes = " ".join(["batch", *["*"] * len(field), "in out"])
        stored = [(0, 0), (1, 2), (2, 1), (3, 3)]
        made += (
            Part(kernel, axes, "conv_lstm", _side_by_side(f"{conv}/kernel", shape, stored), shape),
        )
        if f"{conv}/bias" not in shapes:
            continue
        if before:
            shape = (4, features // 4)
            places = _side_by_side(f"{conv}/bias", shape, stored)
            made += (
                Part("recurrent_bias", "batch out", "conv_lstm", places, shape, beside=kernel),
            )
            continue
        shape = (3, features // 4)
        places = _side_by_side(f"{conv}/bias", shape, [(0, 0), (1, 1), (2, 3)])
        middle = Place(f"{conv}/bias", (slice(2 * shape[1], 3 * shape[1]),))
        made += (
            Part("bias", "batch out", "conv_lstm", places, shape, beside=kernel),
            Part("forget_bias", "out", "conv_lstm", (middle,), shape[1:], beside=kernel),
        )
    return made


def _side_by_side(
    variable: str, shape: tuple[int, ...], stored: Sequence[tuple[int, int]]
) -> tuple[Place, ...]:
    """Where the batches of a weight lie along the last axis of a variable."""
    size = shape[-1]
    return tuple(
        Place(
            variable,
            (..., slice(at * size, (at + 1) * size)),
            (slice(batch, batch + 1),),
        )
        for batch, at in stored
    )


def simple(cell: Any, shapes: Shapes) -> tuple[Part, ...]:
    """A recurrence without gates."""
    del cell
    into, over = ("dense_i", "dense_h") if "dense_i/kernel" in shapes else ("i", "h")
    kernel = Part("kernel", "in out", "rnn", (Place(f"{into}/kernel"),))
    recurrent = Part("recurrent_kernel", "in out", "rnn", (Place(f"{over}/kernel"),))
    if f"{into}/bias" not in shapes:
        return kernel, recurrent
    bias = Part("bias", "out", "rnn", (Place(f"{into}/bias"),), beside="kernel")
    return kernel, recurrent, bias


def _kernels(
    layer: str, shapes: Shapes, into: Sequence[str], over: Sequence[str]
) -> tuple[Part, ...]:
    """The two kernels of a cell that stores one for each gate."""
    made = []
    for name, each in (("kernel", into), ("recurrent_kernel", over)):
        variables = [f"{gate}/kernel" for gate in each]
        shape = (len(variables), *shapes[variables[0]])
        made.append(Part(name, "batch in out", layer, _batches(variables), shape))
    return tuple(made)


def _packed(layer: str, count: int) -> tuple[Part, ...]:
    """The two kernels of a cell that stores the gates side by side."""
    return tuple(
        Part(name, f"in ({count} out)", layer, (Place(f"{dense}/kernel"),))
        for name, dense in (("kernel", "dense_i"), ("recurrent_kernel", "dense_h"))
    )


def _biases(layer: str, shapes: Shapes, gates: Sequence[str]) -> Part:
    variables = [f"{gate}/bias" for gate in gates]
    shape = (len(variables), *shapes[variables[0]])
    return Part("bias", "batch out", layer, _batches(variables), shape, beside="kernel")


def _last_bias(layer: str, variable: str, count: int, shapes: Shapes) -> Part:
    """The recurrent bias of a cell whose last gate alone has one."""
    places = (Place(variable, None, (slice(count - 1, count),)),)
    shape = (count, *shapes[variable])
    return Part("recurrent_bias", "batch out", layer, places, shape, beside="recurrent_kernel")


def _batches(variables: Sequence[str]) -> tuple[Place, ...]:
    return tuple(
        Place(variable, None, (slice(number, number + 1),))
        for number, variable in enumerate(variables)
    )
