"""The starts of a model's parameters as callables, for trainers that set them one by one."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

from torch import Tensor, nn

from fanwise.adapters.recipes import planned_weights
from fanwise.adapters.torch.drawing.watchers import check_unrecorded
from fanwise.adapters.torch.layers.declared_parameters import with_declarations
from fanwise.adapters.torch.layers.declared_ties import check_declared_ties
from fanwise.adapters.torch.layers.holdings import holding_of
from fanwise.adapters.torch.layers.loaded_weights import with_loaded
from fanwise.adapters.torch.layers.models import check_python, model_weights
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.adapters.torch.layers.wrappers import named_layers
from fanwise.adapters.torch.trainers.parameter_starts import (
    ParameterStart,
    WeightPart,
    check_starts,
)
from fanwise.core.keys import checked_seed
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Patterns, Planned
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe import recipe as read_recipe

_FRAMEWORK: Final = "torch"


class ParamInit(Mapping[str, Callable[[Tensor], Tensor]]):
    """What each parameter of a model starts with: a callable by its name.

    Attributes:
        left_alone: names of the parameters that the recipe does not set, and that have none.
    """

    def __init__(self, starts: Mapping[str, ParameterStart], left_alone: tuple[str, ...]) -> None:
        self._starts = dict(starts)
        self.left_alone = left_alone

    def __getitem__(self, name: str) -> Callable[[Tensor], Tensor]:
        return self._starts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._starts)

    def __len__(self) -> int:
        return len(self._starts)

    def __deepcopy__(self, memo: object) -> Self:
        """Return the same: it never changes, and holds no tensor."""
        return self

    def of(self, module: str) -> dict[str, Callable[[Tensor], Tensor]]:
        """Return the callables of a module's own parameters, by their names in the module.

        Args:
            module: its name in the model, as ``named_modules`` gives it; ``""`` is the model.

        Returns:
            A new dict, in the form of torchtitan's ``param_init``; empty for a module of which
            nothing is set.
        """
        split = (name.rpartition(".") for name in self._starts)
        return {
            last: self._starts[f"{owner}{dot}{last}"]
            for owner, dot, last in split
            if owner == module
        }


def param_init(
    model: nn.Module,
    recipe: Recipe | str | Path | Mapping[str, Any],
    *,
    seed: int,
    only: Patterns = None,
    exclude: Patterns = None,
    **variables: float | str,
) -> ParamInit:
    """Return the start of a model parameter by parameter, as callables.

    It is :func:`fanwise.torch.initialize` for a trainer that sets parameters itself, one by one,
    as torchtitan's ``param_init`` does. The whole model is planned, usually on the meta device
    and before it is cut. The callables then write the same values wherever the parameters are by
    then: on another device, in another dtype, sharded (DTensor), or in a stage of a pipeline,
    which knows nothing of the other stages. Nothing is written here.

    Args:
        model: the whole model, on any device.
        recipe: as in :func:`fanwise.torch.initialize`.
        seed: 0 ≤ seed < 2⁶⁴; the same on all ranks.
        only: patterns of canonical paths; other weights get no callable.
        exclude: patterns of canonical paths that get none.
        variables: values in the place of the recipe's ``[vars]``.

    Returns:
        The callables, by the names of ``named_parameters`` and ``named_buffers``; a tensor that
        is shared has all of its names. Each takes the tensor, writes it and returns it. Its
        method ``of`` gives those of one module.

    Raises:
        FanwiseError: where :func:`fanwise.torch.initialize` would raise before it writes, and for
            weights that no single tensor holds: parametrized ones, and those that others start
            as a function of.

    Examples:
        >>> import torch
        >>> from torch import nn
        >>> with torch.device("meta"):
        ...     model = nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2))
        >>> starts = param_init(model, "torch_default", seed=0)
        >>> sorted(starts)
        ['0.bias', '0.weight', '2.bias', '2.weight']
        >>> weight = starts["2.weight"](torch.empty(2, 4))
        >>> sorted(starts.of("2"))
        ['bias', 'weight']
    """
    check_unrecorded()
    check_python(model)
    checked_seed(seed)
    weights = with_declarations(model, model_weights(model)).weights
    _check_whole(weights)
    check_declared_ties(list(named_layers(model)))
    chosen = read_recipe(recipe, **variables)
    planned = planned_weights(
        chosen,
        with_loaded(weights) if only is None else weights,
        framework=_FRAMEWORK,
        only=only,
        exclude=exclude,
        observe=holding_of,
    )
    _check_single(planned.plans)
    parts: dict[int, list[WeightPart]] = {}
    for stored, plan in planned.plans:
        for tensor, part in _parts(stored, plan):
            check_starts(part, part.setting(tensor), seed)
            parts.setdefault(id(tensor), []).append(part)
    named = list(
        itertools.chain(
            model.named_parameters(remove_duplicate=False),
            model.named_buffers(remove_duplicate=False),
        )
    )
    starts = {
        name: ParameterStart(name, tuple(tensor.shape), tuple(parts[id(tensor)]), seed)
        for name, tensor in named
        if id(tensor) in parts
    }
    others = (name for name, _ in model.named_parameters() if name not in starts)
    return ParamInit(starts, tuple(others))


def _check_whole(weights: Sequence[TensorWeight]) -> None:
    """Raise for plain tensors that are parts: a callable is given no more than the part."""
    cut = next((stored.weight.path for stored in weights if stored.partitions), None)
    if cut is not None:
        received = Phrase(f"{cut}, a part by its tensor_model_parallel")
        hint = "Call initialize, or start such layers by init_method."
        raise FanwiseError("a model of whole weights", received, hint)


def _parts(stored: TensorWeight, plan: Planned) -> Iterator[tuple[Tensor, WeightPart]]:
    """Give the tensors that a weight lies in, each with what it holds of the weight."""
    for tensor in stored.every_tensor():
        for place in stored.places:
            names = frozenset(n for n, held in place.tensors.items() if held is tensor)
            if names:
                yield tensor, WeightPart(plan, place.description, names)
                # Under its other names it is the same tensor, with the same values.
                break


def _check_single(plans: list[tuple[TensorWeight, Planned]]) -> None:
    """Raise for weights that cannot be set by writing into one tensor."""
    bound = [
        plan.weight.path
        for stored, plan in plans
        if any(place.computed or place.description.followers for place in stored.places)
    ]
    if bound:
        hint = "Set the model as a whole, by fanwise.torch.initialize, or exclude them."
        received = Phrase(f"parametrized ones, or ones that others start with: {', '.join(bound)}")
        raise FanwiseError("weights that are each in tensors of their own", received, hint)
