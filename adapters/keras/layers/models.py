"""All weights of a model, under their canonical paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import keras

from fanwise.adapters.keras.layers.description import Part
from fanwise.adapters.keras.layers.kinds import parts
from fanwise.spec.errors import FanwiseError, Phrase

Describe = Callable[[Any], Iterable[Part]]

_described: Final[dict[type, Describe]] = {}


def register_layer(cls: type, describe: Describe) -> None:
    """Tell Fanwise what the weights of a layer of your own are.

    Without it, a weight that a layer of an unknown class has added itself is of the kind
    ``"parameter"``, has its own name for a path, and its axes as those of a kernel.

    Args:
        cls: the class of the layer; its subclasses too.
        describe: of a built layer, a :class:`Part` for every weight that it holds itself. It
            replaces what Fanwise knows of the class; the layers in it are found as ever.

    Raises:
        FanwiseError: for what is no class of layers, or cannot be called.

    Examples:
        >>> import keras
        >>> class Gate(keras.layers.Layer): ...
        >>> register_layer(Gate, lambda layer: [Part(layer.w, "kernel", axes="out in")])
    """
    if not (isinstance(cls, type) and issubclass(cls, keras.layers.Layer)):
        raise FanwiseError("a class of Keras layers", cls, "Pass e.g. MyDense itself.")
    if not callable(describe):
        raise FanwiseError("a function as describe", describe, "Pass a function of the layer.")
    _described[cls] = describe


def collected(model: Any) -> tuple[tuple[str, Part], ...]:
    """Every weight of a model once, under its first path.

    A variable that some layer describes is that layer's, wherever else it is held.

    Raises:
        FanwiseError: for what is no layer, one that is not built or is quantized, and a
            description that does not fit its layer.
    """
    if not isinstance(model, keras.layers.Layer):
        raise FanwiseError(
            "a Keras model or layer", Phrase(type(model).__name__), "Pass the model."
        )
    # Those that are described, and those that are left where no layer describes them.
    found: list[tuple[str, Part, bool]] = []
    taken: set[int] = set()
    for path, layer in _layers(model):
        # A shared layer, or a variable of two layers, is the first one's.
        own = [part for part in _described_by(layer, path) if id(part.variable) not in taken]
        taken |= {id(variable) for part in own for variable in _variables(part)}
        found += [(_joined(path, part.path), part, True) for part in own]
        found += [(*place, False) for place in _free(layer, path)]
    kept = []
    for path, part, described in found:
        if described or id(part.variable) not in taken:
            kept.append((path, part))
            taken.add(id(part.variable))
    return tuple(kept)


def _free(layer: Any, path: str) -> list[tuple[str, Part]]:
    """The weights that a layer has added itself, as if nobody described them.

    What else it keeps and does not train, such as counts, is no start of anything.
    """
    where = _joined(path, layer.name) if _wraps(layer) else path
    # Those of the layer alone, and those too that it has been told not to train.
    variables = layer._trainable_variables  # noqa: SLF001
    return [(_joined(where, one.name), Part(one, one.name, "parameter")) for one in variables]


def _layers(model: Any) -> Iterator[tuple[str, Any]]:
    """Every layer in which weights may be, once, and its path."""
    seen: set[int] = set()
    todo = [("", model)]
    while todo:
        path, layer = todo.pop()
        if id(layer) in seen:
            continue
        seen.add(id(layer))
        _check(layer, path)
        yield path, layer
        below = [(_joined(path, name), inner) for name, inner in _children(layer)]
        todo += reversed(below)


def _children(layer: Any) -> list[tuple[str, Any]]:
    """The layers in a layer, and what they are called below it."""
    own: dict[int, str] = {}
    if isinstance(layer, keras.layers.Bidirectional):
        own = {id(layer.forward_layer): "forward", id(layer.backward_layer): "backward"}
    elif isinstance(layer, keras.layers.StackedRNNCells):
        several = len(layer.cells) > 1
        own = {id(cell): str(number) if several else "" for number, cell in enumerate(layer.cells)}
    elif isinstance(layer, keras.layers.RNN):
        own = {id(layer.cell): ""}
    return [
        (own.get(id(inner), "" if _wraps(inner) else inner.name), inner) for inner in _inner(layer)
    ]


def _inner(layer: Any) -> list[Any]:
    """The layers that a layer holds itself; only of a model are they public."""
    return list(layer._layers)  # noqa: SLF001


def _wraps(layer: Any) -> bool:
    """Whether a layer is nothing but another one, used in some way."""
    return isinstance(layer, keras.layers.Wrapper) and len(_inner(layer)) == 1


def _described_by(layer: Any, path: str) -> tuple[Part, ...]:
    for cls in type(layer).__mro__:
        if cls in _described:
            return _checked(tuple(_described[cls](layer)), layer, path)
    return parts(layer)


def _checked(given: tuple[Part, ...], layer: Any, path: str) -> tuple[Part, ...]:
    what = f"{_named(layer, path)} is described wrongly"
    for part in given:
        if not isinstance(part, Part):
            raise FanwiseError("parts", part, "Yield fanwise.keras.Part values.", context=what)
        if not isinstance(part.variable, keras.Variable):
            hint = "Leave out what the layer does not have."
            raise FanwiseError(f"a variable as {part.path}", part.variable, hint, context=what)
    return given


def _variables(part: Part) -> tuple[Any, ...]:
    return (part.variable, *(variable for variable, _ in part.followers))


def _check(layer: Any, path: str) -> None:
    # A layer with no build() of its own has no weights but those of its constructor.
    if not layer.built and not getattr(layer.build, "_is_default", False):
        hint = "Call model.build(input_shape), or call the model once, first."
        raise FanwiseError("a built model", Phrase(f"{_named(layer, path)}, without weights"), hint)
    if getattr(layer, "quantization_mode", None) is not None:
        hint = "Initialize the model before you quantize it."
        raise FanwiseError(
            "layers that hold weights", Phrase(f"{_named(layer, path)}, quantized"), hint
        )


def _named(layer: Any, path: str) -> str:
    return f"{path or layer.name} ({type(layer).__name__})"


def _joined(*segments: str) -> str:
    return "/".join(segment for segment in segments if segment)
