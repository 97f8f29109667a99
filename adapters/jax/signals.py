"""How signals grow or fade with depth, in a model of Flax or Equinox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np

from fanwise.adapters.jax.layers.collection import Names
from fanwise.adapters.jax.layers.observed_calls import (
    CallObserver,
    ObservedCall,
    is_equinox,
    is_float,
)
from fanwise.adapters.jax.layers.requests import is_linen, is_nnx
from fanwise.adapters.jax.layers.runnable_models import (
    RunnableModel,
    runnable_equinox,
    runnable_linen,
    runnable_nnx,
)
from fanwise.adapters.model_runs import (
    check_call,
    find_idle,
    no_floats,
    noise,
    running_loss,
    running_model,
)
from fanwise.adapters.outputs import find_floats, find_loss
from fanwise.adapters.signals import LayerCheck, LayerSignal, layer_check_of
from fanwise.spec.errors import FanwiseError, Phrase

_HINT: Final = "Pass what the model takes: a batch, and by name keywords={'train': False}."
#: The gradients of arrays that any gradient reaches, by the names of the arrays.
Reached = Mapping[Names, Any]


def layer_check(
    model: Any,
    *inputs: Any,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    loss: Callable[[Any], Any] | None = None,
) -> LayerCheck:
    """Run a model once, forward and back, and measure what passes through its layers.

    Nothing of the model is changed. Nothing is compiled, so that what is called in a loop
    (``nn.scan``, ``jax.lax.scan``) is seen at each step. A layer within ``vmap`` has the shape that
    it has for one example, and the standard deviations are those of all examples.

    Args:
        model: a module of Flax linen or nnx, or of Equinox.
        inputs: a batch, as the model takes it; of a linen module, first its variables, as
            ``module.init`` gives them.
        keywords: what the model takes by name; of a linen module, what ``module.apply`` does, such
            as ``rngs`` and ``mutable`` too.
        method: the name of a method to call in the place of ``__call__``, or a function of
            the model and the inputs, e.g. ``lambda model, x: jax.vmap(model)(x)``.
        loss: of the model's output, a scalar. Without one it is the scalar ``loss`` in the
            output, if there is one; else standard normal noise is sent back from every array of
            floats in the output, but for caches and states.

    Returns:
        The standard deviations of activations and gradients of the layers, a row for each call,
        in the order in which they ran; and the layers with weights that were not called. Layers
        are those of known classes, modules that call no others, and those with arrays of their own.
        Of an output of several arrays, the first is shown. ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but such a model, one that does not run, an output without
            floats, and a loss that is not a scalar.

    Examples:
        >>> import jax.numpy as jnp
        >>> from flax import linen
        >>> module, x = linen.Sequential([linen.Dense(4), linen.relu]), jnp.ones((2, 8))
        >>> check = layer_check(module, module.init(jax.random.key(0), x), x)
        >>> [layer.class_name for layer in check.layers]
        ['Dense']
    """
    check_call(keywords, loss)
    runnable = _present(model, inputs, keywords or {}, method)
    observers: list[CallObserver] = []

    def scalar(probe: Any, floats: list[Any]) -> Any:
        observers.append(CallObserver(probe))
        values = [*runnable.values]
        for number, value in zip(runnable.names, floats, strict=True):
            values[number] = value
        with running_model(_HINT):
            output = runnable.run(observers[-1], values)
        with running_loss():
            value = _loss_of(output) if loss is None else loss(output)
        if not (isinstance(value, jax.Array | float) and jnp.shape(value) == ()):
            hint = "Pass e.g. loss=lambda out: out.mean()."
            raise FanwiseError("a scalar as loss", value, hint)
        return value

    floats = [jnp.asarray(runnable.values[number]) for number in runnable.names]
    with jax.disable_jit():
        _, gradients = jax.grad(scalar, argnums=(0, 1))(jnp.zeros(()), floats)
    jax.effects_barrier()
    reached = {
        names: gradient
        for names, gradient in zip(runnable.names.values(), gradients, strict=True)
        if bool(jnp.any(gradient != 0))
    }
    observer = observers[-1]
    rows = [_signal(call, reached) for call in observer.calls if call.tap.is_passed]
    return layer_check_of(rows, _find_uncalled(runnable, observer, reached))


def run_forward(
    model: Any, inputs: tuple[Any, ...], keywords: Mapping[str, Any], method: Any
) -> list[LayerSignal]:
    """Run a model forward, and measure what its layers give: a row for each call.

    Nothing of the model is changed, as by :func:`layer_check`.
    """
    runnable = _present(model, inputs, keywords, method)
    observer = CallObserver(None)

    def run(probe: Any) -> Any:
        # Taps see what passes as the gradient by the probe is prepared; none is sent back.
        observer.probe = probe
        with running_model(_HINT):
            runnable.run(observer, runnable.values)
        return probe

    with jax.disable_jit():
        jax.grad(run)(jnp.zeros(()))
    jax.effects_barrier()
    return [_signal(call, {}) for call in observer.calls if call.tap.is_passed]


def _present(
    model: Any, inputs: tuple[Any, ...], keywords: Mapping[str, Any], method: Any
) -> RunnableModel:
    """Take a model apart, all of whose arrays have values."""
    with running_model(_HINT):
        runnable = _runnable(model, inputs, keywords, method)
        given = (jnp.zeros(()), runnable.values, jax.tree_util.tree_leaves((inputs, keywords)))
    if any(isinstance(value, jax.core.Tracer) for value in jax.tree_util.tree_leaves(given)):
        hint = "Call it outside of jax.jit and other transformations."
        raise FanwiseError("arrays that have values", Phrase("traced ones"), hint)
    if any(isinstance(value, jax.ShapeDtypeStruct) for value in runnable.values):
        hint = "Initialize the model first."
        raise FanwiseError("a model whose arrays have values", Phrase("shapes alone"), hint)
    return runnable


def _runnable(
    model: Any, inputs: tuple[Any, ...], keywords: Mapping[str, Any], method: Any
) -> RunnableModel:
    if not isinstance(model, type):
        for is_such, take_apart in (
            (is_linen, runnable_linen),
            (is_nnx, runnable_nnx),
            (is_equinox, runnable_equinox),
        ):
            if is_such(model):
                return take_apart(model, inputs, keywords, method)
    hint = "Pass the module; of linen, then its variables."
    received = Phrase(f"an object of class {type(model).__qualname__}")
    raise FanwiseError("a module of Flax linen or nnx, or of Equinox", received, hint)


def _signal(call: ObservedCall, reached: Reached) -> LayerSignal:
    """Return the row of a call."""
    own = {names: gradient for names, gradient in reached.items() if names[:-1] == call.path}
    deep = [np.asarray(gradient) for gradient in own.values() if gradient.ndim > 2]
    is_stack = not call.known and len({len(gradient) for gradient in deep}) == 1
    return LayerSignal(
        "/".join(call.path),
        call.class_name,
        call.shape,
        call.tap.forward.std,
        call.tap.back.std,
        call.output,
        stacked=len(deep[0]) if is_stack else 0,
        idle=find_idle(deep) if is_stack else (),
    )


def _find_uncalled(
    runnable: RunnableModel, observer: CallObserver, reached: Reached
) -> dict[str, str]:
    """Find what had no part in the run; of a part of the model without any, it alone."""
    active = observer.called | {names[:-1] for names in reached}
    uncalled: dict[str, str] = {}
    for names in runnable.names.values():
        above = [names[:end] for end in range(len(names))]
        # What is below a layer that was called is a part of it, as are the kernels of attention.
        if _is_below_known(names, observer) or names[:-1] in active:
            continue
        silent = next((p for p in above if not any(a[: len(p)] == p for a in active)), None)
        if silent is not None:
            uncalled["/".join(silent)] = runnable.classes.get(silent, "")
    return uncalled


def _is_below_known(names: Names, observer: CallObserver) -> bool:
    return any(call.known and names[: len(call.path)] == call.path for call in observer.calls)


def _loss_of(output: Any) -> Any:
    """Return the loss of an output itself, or one whose gradient there is standard normal noise."""
    arrays = find_floats(output, is_float)
    loss = find_loss(arrays)
    if loss is not None:
        return jnp.reshape(loss, ())
    if not arrays:
        raise no_floats(output)
    projections = [
        jnp.sum(values * noise(values.shape, number)) for number, (_, values) in enumerate(arrays)
    ]
    return jnp.sum(jnp.stack(projections))
