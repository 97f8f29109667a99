"""Models of Flax and Equinox that are run with other values of their arrays, and watched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fanwise.adapters.jax.layers.collection import Names
from fanwise.adapters.jax.layers.nnx import walk_modules
from fanwise.adapters.jax.layers.nodes import array_shape, read_leaves, rebuild
from fanwise.adapters.jax.layers.observed_calls import (
    CallObserver,
    is_float,
    watched_equinox,
    watched_linen,
    watched_nnx,
)
from fanwise.spec.errors import FanwiseError

_PARAMS: Final = "params"


@dataclass(frozen=True)
class RunnableModel:
    """A model whose arrays are apart from it.

    Attributes:
        values: the leaves that it is made of.
        names: of those that may train, by their numbers.
        run: runs it with other leaves, and an observer.
        classes: of its modules, where they are known before it runs.
    """

    values: Sequence[Any]
    names: Mapping[int, Names]
    run: Callable[[CallObserver, Sequence[Any]], Any]
    classes: Mapping[Names, str] = field(default_factory=dict)


def runnable_linen(
    module: Any, inputs: tuple[Any, ...], keywords: Mapping[str, Any], method: Any
) -> RunnableModel:
    """Take apart a linen module and its variables, which are the first of its inputs.

    Raises:
        FanwiseError: where there are none.
    """
    if not (inputs and isinstance(inputs[0], Mapping)):
        hint = "Pass the module, then its variables, as module.init gives them, then the inputs."
        received = inputs[0] if inputs else None
        raise FanwiseError("the variables of the linen module, as a dict", received, hint)
    variables, *rest = inputs
    leaves, structure = read_leaves(variables)
    names = {
        number: leaf.names[1:]
        for number, leaf in enumerate(leaves)
        if leaf.names[:1] == (_PARAMS,) and _is_float_array(leaf.value)
    }
    named = dict(keywords) if method is None else {**keywords, "method": method}

    def run(observer: CallObserver, values: Sequence[Any]) -> Any:
        with watched_linen(observer):
            output = module.apply(rebuild(structure, list(values)), *rest, **named)
        # With mutable collections the result is a pair.
        return output if named.get("mutable", False) is False else output[0]

    return RunnableModel([leaf.value for leaf in leaves], names, run)


def runnable_nnx(
    model: Any, inputs: tuple[Any, ...], keywords: Mapping[str, Any], method: Any
) -> RunnableModel:
    """Take apart an nnx model, of which a copy is run: it is left as it is."""
    from flax import nnx

    graph, state = nnx.split(model)
    leaves, structure = read_leaves(state)

    def run(observer: CallObserver, values: Sequence[Any]) -> Any:
        copy = nnx.merge(graph, rebuild(structure, list(values)))
        with watched_nnx(copy, observer):
            return _bound(copy, method)(*inputs, **keywords)

    classes = {path: type(module).__name__ for path, module in walk_modules(model)}
    return RunnableModel([leaf.value for leaf in leaves], _float_names(leaves), run, classes)


def runnable_equinox(
    model: Any, inputs: tuple[Any, ...], keywords: Mapping[str, Any], method: Any
) -> RunnableModel:
    """Take apart a model of Equinox."""
    leaves, structure = read_leaves(model)

    def run(observer: CallObserver, values: Sequence[Any]) -> Any:
        watched = watched_equinox(rebuild(structure, list(values)), observer)
        return _bound(watched, method)(*inputs, **keywords)

    classes = {
        leaf.names[: step.depth]: type(step.node).__name__ for leaf in leaves for step in leaf.steps
    }
    return RunnableModel([leaf.value for leaf in leaves], _float_names(leaves), run, classes)


def _bound(model: Any, method: Any) -> Callable[..., Any]:
    """Return what is to be called: the model, a method of it, or a function of it."""
    if method is None:
        call: Callable[..., Any] = model
    elif isinstance(method, str):
        call = getattr(model, method)
    else:

        def call(*inputs: Any, **keywords: Any) -> Any:
            return method(model, *inputs, **keywords)

    return call


def _float_names(leaves: Sequence[Any]) -> dict[int, Names]:
    return {number: leaf.names for number, leaf in enumerate(leaves) if _is_float_array(leaf.value)}


def _is_float_array(value: Any) -> bool:
    return array_shape(value) is not None and is_float(value)
