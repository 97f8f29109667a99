"""The weights of a Keras model, each with the variables that it lies in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import keras

from fanwise.adapters.guesses.bare_parameter import Guess
from fanwise.adapters.keras.drawing.storage import recipe_form
from fanwise.adapters.keras.layers.bare import guess_variables
from fanwise.adapters.keras.layers.description import describe
from fanwise.adapters.keras.layers.names import LayerNames
from fanwise.adapters.keras.layers.variables import find_variable, is_built
from fanwise.adapters.layer_weights import PARAMETER, LayerWeight
from fanwise.adapters.summary import STATISTICS
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.roles import role_of
from fanwise.spec.weights import Weight


@dataclass(frozen=True)
class VariableWeight:
    """A weight of a model, and where it is stored.

    Attributes:
        weight: as a recipe sees it, under the path that the model gives it.
        description: where it lies in the variables of its layer.
        variables: those that it lies in, maybe with other weights, by their names in the layer.
        layer: whose weight it is.
    """

    weight: Weight
    description: LayerWeight
    variables: Mapping[str, Any]
    layer: Any

    def cut(self, weight: Weight) -> VariableWeight:
        """Return a part of it: see :class:`fanwise.adapters.recipes.ModelWeight`."""
        assert weight.part is not None
        if self.shape != self.weight.shape:
            hint = "Leave out the split from the axes of its rule."
            received = Phrase(f"{self.weight.path}, stored as {self.shape}")
            expected = f"a weight that is stored as {self.weight.shape}"
            raise FanwiseError(expected, received, hint)
        description = self.description.cut(weight.part, weight.path)
        return replace(self, weight=weight, description=description)

    @property
    def variable(self) -> Any:
        """The first of its variables; most weights have no other."""
        return next(iter(self.variables.values()))

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape as it is stored."""
        return self.description.shape_in(_shapes(self.variables))

    def followers(self) -> Iterator[tuple[Any, Any]]:
        """Give the variables that start with this weight, each with a function of its values."""
        for name, function in self.description.followers:
            follower = find_variable(self.layer, name)
            if follower is not None:
                yield follower, function


def model_weights(model: Any, path: str | None = None) -> tuple[VariableWeight, ...]:
    """Find every weight of a model once, under its first path.

    A variable that some layer describes is that layer's, wherever else it is held.

    Args:
        model: a model or a layer.
        path: of the layer in the model that it is a part of; of a wrapper, that of the layer in
            it, since a wrapper has no part in a path.

    Raises:
        FanwiseError: for what is no layer, one that is not built or is quantized, and a
            description that does not fit its layer.
    """
    if not isinstance(model, keras.layers.Layer):
        raise FanwiseError(
            "a Keras model or layer", Phrase(type(model).__name__), "Pass the model."
        )
    start = "" if path is None else f"{path}/"
    names = LayerNames(_inner_layers(model))
    # Those that are described, and those that are left where no layer describes them.
    candidates: list[tuple[VariableWeight, bool]] = []
    taken: set[int] = set()
    for below, layer in _placed_layers(model, names, is_placed=path is not None):
        _check_layer(layer, below)
        prefix = start + (f"{below}/" if below else "")
        # A shared layer, or a variable of two layers, is the first one's.
        described = [
            stored for stored in _described_weights(layer, prefix) if not _ids(stored) & taken
        ]
        taken.update(*map(_all_ids, described))
        candidates += [(weight, True) for weight in described]
        # A wrapper has a part in the paths of its own weights alone.
        prefix += f"{names.name(layer)}/" if _is_wrapper(layer) else ""
        candidates += [(weight, False) for weight in _other_weights(layer, prefix, taken)]
    weights = []
    for weight, is_described in candidates:
        if is_described or not _ids(weight) & taken:
            weights.append(weight)
            taken |= _ids(weight)
    return tuple(weights)


def other_variables(model: Any, weights: Iterable[VariableWeight]) -> tuple[str, ...]:
    """Name what else the layers of a model keep and do not train, such as counts.

    Args:
        model: a model or a layer.
        weights: what :func:`model_weights` finds in it.
    """
    known = {variable for stored in weights for variable in _all_ids(stored)}
    return tuple(
        _joined(path, variable.name)
        for path, layer in model_layers(model)
        for variable in layer._non_trainable_variables  # noqa: SLF001
        if id(variable) not in known
    )


def model_layers(model: Any, *, is_placed: bool = False) -> Iterator[tuple[str, Any]]:
    """Give every layer in which weights may be, once, with its path.

    Args:
        model: a model or a layer.
        is_placed: whether its own path is known, which of a wrapper is that of the layer in it.
    """
    return _placed_layers(model, LayerNames(_inner_layers(model)), is_placed=is_placed)


def _placed_layers(model: Any, names: LayerNames, *, is_placed: bool) -> Iterator[tuple[str, Any]]:
    seen: set[int] = set()
    stack = [("", model)]
    while stack:
        path, layer = stack.pop()
        if id(layer) in seen:
            continue
        seen.add(id(layer))
        yield path, layer
        nameless = is_placed and not path and _is_wrapper(layer)
        below = [
            (path if nameless else _joined(path, name), child)
            for name, child in _children(layer, names)
        ]
        stack += reversed(below)


def _inner_layers(model: Any) -> Iterator[Any]:
    """Give every layer in a model once, in the order of the model."""
    seen = {id(model)}
    stack = child_layers(model)[::-1]
    while stack:
        layer = stack.pop()
        if id(layer) not in seen:
            seen.add(id(layer))
            yield layer
            stack += reversed(child_layers(layer))


def _children(layer: Any, layer_names: LayerNames) -> list[tuple[str, Any]]:
    """List the layers in a layer, and what they are called below it."""
    names: dict[int, str] = {}
    if isinstance(layer, keras.layers.Bidirectional):
        names = {id(layer.forward_layer): "forward", id(layer.backward_layer): "backward"}
    elif isinstance(layer, keras.layers.StackedRNNCells):
        several = len(layer.cells) > 1
        names = {
            id(cell): str(number) if several else "" for number, cell in enumerate(layer.cells)
        }
    elif isinstance(layer, keras.layers.RNN):
        names = {id(layer.cell): ""}
    return [
        (names.get(id(child), "" if _is_wrapper(child) else layer_names.name(child)), child)
        for child in child_layers(layer)
    ]


def child_layers(layer: Any) -> list[Any]:
    """List the layers that a layer holds itself; only of a model are they public."""
    return list(layer._layers)  # noqa: SLF001


def _is_wrapper(layer: Any) -> bool:
    """Tell whether a layer is nothing but another one, used in some way."""
    return isinstance(layer, keras.layers.Wrapper) and len(child_layers(layer)) == 1


def _described_weights(layer: Any, prefix: str) -> list[VariableWeight]:
    """List the weights that a layer is known to store."""
    stored = [
        _stored(
            layer, description, {n: find_variable(layer, n) for n in description.parameters}, prefix
        )
        for description in describe(layer)
    ]
    kernels = {weight.description.path: weight.weight for weight in stored}
    return [_beside_kernel(weight, kernels) for weight in stored]


def _beside_kernel(stored: VariableWeight, kernels: Mapping[str, Weight]) -> VariableWeight:
    """Give a bias the fans of the kernel that it stands beside."""
    if stored.description.beside is None:
        return stored
    fans = kernels[stored.description.beside].fans
    return replace(stored, weight=replace(stored.weight, beside=fans))


def _other_weights(layer: Any, prefix: str, known: Collection[int]) -> list[VariableWeight]:
    """List the weights that a layer has added itself, as what they are by names and shapes.

    What else it keeps and does not train, such as counts, is no start of anything.

    Args:
        layer: the layer.
        prefix: of the paths of its weights.
        known: ids of the variables that are described.
    """
    # Those of the layer alone, and those too that it has been told not to train.
    own = layer._trainable_variables  # noqa: SLF001
    guesses = guess_variables(layer, [v for v in own if id(v) not in known])
    weights = {
        name: _guessed(layer, variable, name, guess, prefix)
        for name, (variable, guess) in guesses.items()
    }
    return [
        weights[name]
        if guess.beside is None
        else replace(
            weights[name],
            weight=replace(weights[name].weight, beside=weights[guess.beside].weight.fans),
        )
        for name, (_, guess) in guesses.items()
    ]


def _guessed(layer: Any, variable: Any, name: str, guess: Guess, prefix: str) -> VariableWeight:
    description = LayerWeight(variable.name, name, guess.axes, kind=PARAMETER)
    shape, axes = recipe_form(tuple(variable.shape), guess.axes, guess.role)
    weight = Weight(
        prefix + name,
        shape,
        axes,
        guess.role,
        guess.kind,
        trains=bool(variable.trainable),
        class_name=_class_name(layer),
        guess=guess.why,
        readings=guess.readings,
    )
    return VariableWeight(weight, description, {variable.name: variable}, layer)


def _stored(
    layer: Any, description: LayerWeight, variables: Mapping[str, Any], prefix: str
) -> VariableWeight:
    shape, role = description.shape_in(_shapes(variables)), description.role
    if description.kind == PARAMETER:
        role = role_of(description.path, len(shape))
    shape, axes = recipe_form(shape, description.axes, role)
    path = prefix + description.path
    weight = Weight(
        path,
        shape,
        axes,
        role,
        description.kind,
        description.groups,
        trains=_trains(layer, role, variables),
        class_name=_class_name(layer),
    )
    return VariableWeight(weight, description, variables, layer)


def _class_name(layer: Any) -> str:
    """Return the full dotted name of the class of a layer."""
    return f"{type(layer).__module__}.{type(layer).__qualname__}"


def _trains(layer: Any, role: str, variables: Mapping[str, Any]) -> bool:
    """Tell whether a weight changes in training, running statistics in their own way."""
    if role in STATISTICS:
        return bool(layer.trainable)
    return all(variable.trainable for variable in variables.values())


def _shapes(variables: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(variable.shape) for name, variable in variables.items()}


def _ids(stored: VariableWeight) -> set[int]:
    return {id(variable) for variable in stored.variables.values()}


def _all_ids(stored: VariableWeight) -> set[int]:
    """Return the ids of what the weight lies in, and of what starts with it."""
    return _ids(stored) | {id(follower) for follower, _ in stored.followers()}


def _check_layer(layer: Any, path: str) -> None:
    name = f"{path or layer.name} ({type(layer).__name__})"
    if not is_built(layer):
        hint = "Call model.build(input_shape), or call the model once, first."
        raise FanwiseError("a built model", Phrase(f"{name}, without weights"), hint)
    if getattr(layer, "quantization_mode", None) is not None:
        hint = "Initialize the model before you quantize it."
        raise FanwiseError("layers that hold weights", Phrase(f"{name}, quantized"), hint)


def _joined(*segments: str) -> str:
    return "/".join(segment for segment in segments if segment)
