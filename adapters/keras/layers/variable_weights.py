"""The weights that one layer stores, each with the variables that it lies in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fanwise.adapters.class_names import dotted_name
from fanwise.adapters.guesses.bare_parameter import Guess
from fanwise.adapters.keras.layers.bare import guess_variables
from fanwise.adapters.keras.layers.description import describe
from fanwise.adapters.keras.layers.variables import find_variable
from fanwise.adapters.layer_weights import PARAMETER, LayerWeight
from fanwise.adapters.recipe_forms import recipe_form
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
        within: the layers that its layer is in, from the inside out.
    """

    weight: Weight
    description: LayerWeight
    variables: Mapping[str, Any]
    layer: Any
    within: tuple[Any, ...] = ()

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


def described_weights(layer: Any, prefix: str) -> list[VariableWeight]:
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


def other_weights(layer: Any, prefix: str, known: Collection[int]) -> list[VariableWeight]:
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
    return dotted_name(type(layer))


def _trains(layer: Any, role: str, variables: Mapping[str, Any]) -> bool:
    """Tell whether a weight changes in training, running statistics in their own way."""
    if role in STATISTICS:
        return bool(layer.trainable)
    return all(variable.trainable for variable in variables.values())


def _shapes(variables: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(variable.shape) for name, variable in variables.items()}


def ids(stored: VariableWeight) -> set[int]:
    """Return the ids of what the weight lies in."""
    return {id(variable) for variable in stored.variables.values()}


def all_ids(stored: VariableWeight) -> set[int]:
    """Return the ids of what the weight lies in, and of what starts with it."""
    return ids(stored) | {id(follower) for follower, _ in stored.followers()}
