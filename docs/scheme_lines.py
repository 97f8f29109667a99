"""The lines of code of the gallery: one for each door, all of which give the same weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from fanwise.commands.code_lines import class_name, path_of
from fanwise.spec.entries import Entry
from fanwise.spec.parameters import Value

#: The shape that numbers and pictures are about, and the one of schemes of convolutions.
DENSE: Final = (512, 256)
CONVOLUTION: Final = (3, 3, 64, 128)
OF_CONVOLUTIONS: Final = ("delta_orthogonal", "dirac")
#: Letters of a line of code that a page shows without scrolling.
WIDEST: Final = 72
#: The doors, as the tabs of a page call them, in their order.
DOORS: Final = ("PyTorch", "Keras", "JAX", "NumPy")


class Call(NamedTuple):
    """How an example calls a scheme, so that all four lines give the same weights.

    Attributes:
        params: of the scheme.
        torch, keras, jax: the arguments of the three doors, as text.
    """

    params: Mapping[str, Value]
    torch: str = ""
    keras: str = ""
    jax: str = ""


#: Schemes of version 1.0 that the examples call with more than their defaults: their doors keep
#: the arguments and defaults of what they replace, which differ from each other.
CALLS: Final = {
    "constant": Call({"value": 0.5}, "0.5", "0.5", "0.5"),
    "uniform": Call({"low": 0.0, "high": 0.1}, "0.0, 0.1", "0.0, 0.1", "0.1"),
    "normal": Call({"std": 0.02}, "std=0.02", "std=0.02", "0.02"),
    "truncated_normal": Call(
        {"std": 0.02, "corrected": False}, "std=0.02, corrected=False", "stddev=0.02", "0.02"
    ),
    "variance_scaling": Call(
        {"mode": "fan_out"},
        'mode="fan_out"',
        'mode="fan_out"',
        '1.0, "fan_out", "truncated_normal"',
    ),
    "sparse": Call({"sparsity": 0.5}, "0.5", "0.5", "0.5"),
}
#: JAX has two as functions, which take a key at once.
PLAIN_IN_JAX: Final = ("zeros", "ones")


def shape_of(entry: Entry) -> tuple[int, ...]:
    """Return the shape that a scheme is shown on, as it is stored."""
    if entry.shape is not None:
        return entry.shape
    return CONVOLUTION if entry.name in OF_CONVOLUTIONS else DENSE


def call_of(entry: Entry) -> Call:
    """Return how the examples call a scheme: by its example, but for those with older doors."""
    if entry.name in CALLS:
        return CALLS[entry.name]
    declared = entry.parameters
    given = {k: v for k, v in entry.example.items() if v != declared[k].default}
    text = ", ".join(f"{key}={_written(value)}" for key, value in given.items())
    return Call(given, text, text, text)


def lines(entry: Entry) -> Iterator[tuple[str, str]]:
    """Return the name of each door with its statement; torch's layers store the transpose."""
    call, shape, name = call_of(entry), shape_of(entry), entry.name
    params = "".join(f", {key}={_written(value)}" for key, value in call.params.items())
    asked = f'fanwise.scheme("{name}"{params})' if params else f'"{name}"'
    tensor = ", ".join(map(str, torch_shape(entry)))
    needed = path_of(entry)
    path = "" if needed is None else f'path="{needed}"'
    # Keras's classes of what takes no random words take no seed.
    seed = "seed=0" if entry.draws else ""
    called = "" if name in PLAIN_IN_JAX else f"({_joined(call.jax, path)})"
    yield (
        "PyTorch",
        _statement(f"fanwise.torch.{name}_", f"torch.empty({tensor})", call.torch, "seed=0", path),
    )
    keras = _statement(f"fanwise.keras.{class_name(name)}", call.keras, seed, path)
    yield "Keras", _statement(keras, str(shape))
    yield "JAX", _statement(f"fanwise.jax.{name}{called}", "jax.random.key(0)", str(shape))
    yield "NumPy", _statement("fanwise.sample", asked, str(shape), "seed=0", path)


def torch_shape(entry: Entry) -> tuple[int, ...]:
    """Return the shape that torch stores it in: its own, where the axes are the scheme's own."""
    shape = shape_of(entry)
    if entry.axes is not None or len(shape) < 2:
        return shape
    *field, inputs, outputs = shape
    return (outputs, inputs, *field)


def _statement(function: str, *arguments: str) -> str:
    """A call as the formatter has it, but for lines that a page does not hold."""
    given = [argument for argument in arguments if argument]
    line = f"{function}({', '.join(given)})"
    if len(line.rpartition("\n")[2]) <= WIDEST:
        return line
    return "\n".join((f"{function}(", *(f"    {argument}," for argument in given), ")"))


def _written(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _joined(*arguments: str) -> str:
    return ", ".join(filter(None, arguments))
