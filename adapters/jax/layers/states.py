"""What lies in a pytree beside weights: the state of optimizers, models and frameworks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fanwise.adapters.jax.layers.equinox_kinds import STATE
from fanwise.adapters.jax.layers.nodes import MODEL_FIELDS, TRAIN_STATES, Leaf, NodeAbove
from fanwise.adapters.jax.layers.registry import class_names
from fanwise.spec.errors import FanwiseError, Phrase

_PARAMETERS: Final = "Pass the parameters alone; what else there is stays as it is."
_MERGE: Final = "Pass the model, e.g. model = nnx.merge(graphdef, state); split it afterwards."
_MODULE: Final = (
    "Pass the module: initialize(module, recipe, seed=…, inputs=(x,)); or tree['params']."
)
_STATE_ALONE: Final = (
    "Linen calls its state so. Pass the module, or the parameters in the place of this; if these "
    "are layers of your own, pass the tree below another name, or describe=."
)
#: Classes that hold no weights, or do not know what theirs are: what to pass in their place.
_STATES: Final = {
    "equinox.nn:State": "Pass the model alone, without its state, which stays as it is.",
    "flax.nnx:State": _MERGE,
    "flax.nnx:FlatState": _MERGE,
    "flax.nnx:GraphState": _MERGE,
    "flax.nnx:OptState": _PARAMETERS,
    "flax.nnx:Optimizer": "Pass the model itself, which the optimizer only updates.",
    "flax.nnx:Metric": _PARAMETERS,
    "flax.nnx:Pytree": "Pass its modules one by one, or an nnx.Module that holds them all.",
    "flax.training:DynamicScale": _PARAMETERS,
    "jax.example_libraries:OptimizerState": "Pass the parameters: get_params(state).",
}
_OPTIMIZER: Final = "opt_state"
#: Names of what goes along with parameters, in what is loaded from a checkpoint too.
_BESIDE: Final = frozenset({_OPTIMIZER, "optimizer_state", "ema_params", "target_params"})
#: Collections of linen that are none of parameters, at the top of a tree; one, anywhere.
_COLLECTIONS: Final = frozenset({"cache", "intermediates", "perturbations"})
_STATISTICS: Final = "batch_stats"
#: What Haiku calls the parts of a moving average.
_AVERAGE: Final = frozenset({"average", "hidden"})
#: What Adam's state is called, also where a checkpoint gives it back as a dict.
_MOMENTS: Final = frozenset({"count", "mu", "nu"})


def holds_weight(leaf: Leaf, *, told: bool) -> bool:
    """Tell whether an array is a weight by what stands above it.

    Args:
        leaf: the array.
        told: whether the caller says what is a weight, in a tree of linen's variables.

    Raises:
        FanwiseError: for state that is no model's, or that does not know its layers.
    """
    for number, step in enumerate(leaf.steps):
        classes = class_names(step.node)
        if STATE in classes:
            return False
        if not TRAIN_STATES.isdisjoint(classes):
            if step.name == _OPTIMIZER:
                return False
            if step.name not in MODEL_FIELDS:
                hint = f"Pass state.params, and keep {step.name} as it is, or set it from them."
                raise _refusal(leaf, step, hint)
            continue
        if "flax.nnx:Variable" in classes and "flax.nnx:OptState" not in classes:
            return not {"flax.nnx:Param", "flax.nnx:BatchStat"}.isdisjoint(classes)
        _check_node(leaf, step, classes)
        if isinstance(step.node, Mapping):
            at_top = all(not isinstance(above.node, Mapping) for above in leaf.steps[:number])
            _check_collection(leaf, step, at_top=at_top and step.depth == 0, told=told)
    return True


def _check_node(leaf: Leaf, step: NodeAbove, classes: tuple[str, ...]) -> None:
    for name in classes:
        if name in _STATES:
            raise _refusal(leaf, step, _STATES[name])
    if type(step.node).__module__.partition(".")[0] == "optax" or step.name in _BESIDE:
        raise _refusal(leaf, step, _PARAMETERS)


def _check_collection(leaf: Leaf, step: NodeAbove, *, at_top: bool, told: bool) -> None:
    keys = frozenset(step.node)
    if at_top and "params" in keys and not told:
        context = "A tree of linen's variables does not say what its layers are"
        raise FanwiseError("the module itself", Phrase("its variables"), _MODULE, context=context)
    # Beside layers of other names, what is called a cache is one of them.
    if step.name == _STATISTICS or (at_top and keys <= _COLLECTIONS | {_STATISTICS}):
        if not told:
            raise _refusal(leaf, step, _MODULE if step.name == _STATISTICS else _STATE_ALONE)
    elif keys >= _MOMENTS:
        raise _refusal(leaf, step, _PARAMETERS)
    elif keys >= _AVERAGE:
        hint = "Pass the parameters alone, the first of what Haiku's init returns."
        raise _refusal(leaf, step, hint)


def _refusal(leaf: Leaf, step: NodeAbove, hint: str) -> FanwiseError:
    where = "/".join((*leaf.names[: step.depth], step.name))
    received = Phrase(f"{where}, in {type(step.node).__qualname__}")
    return FanwiseError("weights", received, hint, context="Only weights are drawn")
