"""The guess about a parameter of no known layer: the tables, in the order in which they count."""

from __future__ import annotations

from collections.abc import Mapping

from fanwise.adapters.guesses.bare_parameter import BareParameter, Guess
from fanwise.adapters.guesses.biases import guess_bias
from fanwise.adapters.guesses.kernels import guess_kernel
from fanwise.adapters.guesses.names import guess_by_name
from fanwise.adapters.guesses.norms import guess_norm
from fanwise.adapters.layer_weights import Shape, Shapes
from fanwise.spec.roles import FAN_ROLES, role_of


def guess_parameter(
    class_name: str,
    name: str,
    shape: Shape,
    siblings: Shapes,
    axes: str = "kernel",
    *,
    attributes: Mapping[str, int] | None = None,
    source: str = "",
) -> Guess:
    """Guess what a parameter of no known layer is.

    A guess never changes a path, which seeds the stream: the parameter's own name stays its last
    segment, so that a better guess in a later version leaves the stream as it is. It gives the
    role, kind and axes by which rules find the weight, and says why. Where two readings differ and
    nothing decides between them, as for a square matrix, none is made.

    Args:
        class_name: the full dotted name of the layer's class.
        name: of the parameter in its layer.
        shape: its shape.
        siblings: the shapes of all parameters of the layer, by their names.
        axes: the pattern by which the framework reads parameters; stays where none is guessed.
        attributes: the whole numbers and flags that the layer keeps, by their names.
        source: the text of the function that runs the layer, if it can be had.

    Examples:
        >>> guess_parameter("models.LlamaRMSNorm", "weight", (64,), {"weight": (64,)}).role
        'scale'
        >>> sizes = {"weight": (64, 192), "bias": (192,)}
        >>> guess_parameter("models.Conv1D", "weight", (64, 192), sizes, "torch").axes
        'in out'
        >>> guess_parameter("models.Mixer", "weight", (64, 64), {"weight": (64, 64)}).readings
        ('in out', 'out in')
    """
    parameter = BareParameter(class_name, name, shape, siblings, axes, attributes or {}, source)
    told = role_of(name, len(shape))
    if told in FAN_ROLES:
        # Its name says what it is; all that may be read from the rest is which axis is which.
        guess = guess_kernel(parameter) if told == "kernel" else None
        return guess if guess is not None and guess.role else Guess.of_none(axes, told)
    for table in (guess_bias, guess_norm, guess_kernel, guess_by_name):
        guess = table(parameter)
        if guess is not None:
            return guess
    return Guess.of_none(axes, told)
