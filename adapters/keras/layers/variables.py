"""The variables of a layer, looked up by name."""

from __future__ import annotations

from typing import Any

import keras

from fanwise.spec.errors import FanwiseError, Phrase


def find_variable(layer: Any, name: str) -> Any:
    """Look up the variable under a dotted name; None where the layer does without it.

    Where an attribute would compute, as ``kernel`` does in a layer with low-rank updates, the
    variable of the layer itself is meant, which stands under the name with an underscore.

    Raises:
        FanwiseError: for a name that the layer does not know.
    """
    *way, last = name.split(".")
    owner = layer
    for word in way:
        owner = getattr(owner, word, None)
    stored = getattr(owner, f"_{last}", None)
    if isinstance(stored, keras.Variable):
        return stored
    if owner is None or not hasattr(owner, last):
        raise _unknown_name(layer, name)
    stored = getattr(owner, last)
    return stored if isinstance(stored, keras.Variable) else None


def is_built(layer: Any) -> bool:
    """Tell whether a layer has its weights."""
    # A layer with no build() of its own has no weights but those of its constructor.
    return bool(layer.built or getattr(layer.build, "_is_default", False))


def _unknown_name(layer: Any, name: str) -> FanwiseError:
    kind = type(layer).__name__
    variables = (key for key, value in vars(layer).items() if isinstance(value, keras.Variable))
    names = ", ".join(variables) or "none"
    return FanwiseError(
        f"a parameter of {kind}: {names}",
        Phrase(name),
        "Correct the description that register_layer was given.",
        context=f"The description of {kind} does not fit it",
    )
