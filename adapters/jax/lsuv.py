"""LSUV of a model of Flax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fanwise.adapters.jax.initialize import initialize
from fanwise.adapters.jax.layers.models import nnx_arrays
from fanwise.adapters.jax.layers.nodes import read_leaves, rebuild
from fanwise.adapters.jax.layers.requests import is_linen, is_nnx
from fanwise.adapters.jax.layers.variables import read, write
from fanwise.adapters.jax.signals import run_forward
from fanwise.adapters.jax.stored_weights import stored_weights
from fanwise.adapters.lsuv import LsuvOptions, scale_layers
from fanwise.adapters.model_runs import check_call
from fanwise.adapters.signals import LayerSignal
from fanwise.adapters.summary import Summary
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Patterns
from fanwise.spec.recipe import Recipe
from fanwise.spec.registry import SchemeLike

#: What ``module.apply`` takes beside the keywords of the module.
_OF_APPLY: Final = frozenset({"rngs", "mutable", "capture_intermediates"})


def lsuv(
    model: Any,
    *inputs: Any,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    seed: int | None = None,
    start: SchemeLike | None = "orthogonal",
    tolerance: float = 0.1,
    most: int = 10,
    only: Patterns = None,
    exclude: Patterns = None,
) -> Any:
    """Set a model so that its layers give a variance of 1 on a batch: layer-sequential, by data.

    The kernels of dense and convolutional layers start orthonormal, and their biases at zero.
    Then, in the order of the forward pass, each kernel is divided by the standard deviation of
    what its layer gives on the batch, until the variance is 1. An nnx model runs as after
    ``model.eval()``; a linen module as its keywords say, e.g. ``keywords={"train": False}``.

    Left alone, and named in the report, are other weights: embeddings, attention, recurrences,
    normalizations. A layer that is called several times is scaled by the mean of the variances of
    its calls. It differs from the authors' code, which also shifts biases by the mean, and takes
    the last call.

    Args:
        model: an nnx model, which is set in place; or a linen module.
        inputs: a batch, as the model takes it, of the data that it is to be trained on; of a linen
            module, first its variables, as ``module.init`` gives them.
        keywords: what the model takes by name; of a linen module, what ``module.apply`` does.
        method: the method of a linen module to call, where that is not ``__call__``; of an nnx
            model, its name.
        seed: 0 ≤ seed < 2⁶⁴, of the start.
        start: the scheme of the kernels; None scales the kernels that are there, and leaves
            biases as they are. Then there is no seed.
        tolerance: how far from 1 a variance may be.
        most: how often one kernel is scaled at most.
        only: patterns of canonical paths; other weights stay as they are.
        exclude: patterns of the canonical paths to leave as they are.

    Returns:
        For an nnx model a :class:`LsuvReport`, a row for each layer, of which ``str`` is a table;
        ``converged`` says whether all variances are within the tolerance. For a linen module its
        new variables and the report.

    Raises:
        FanwiseError: for bad input, a model that does not run, and an output that does not vary
            or is not finite; the model is then as it was.

    Examples:
        >>> import jax.numpy as jnp
        >>> from flax import nnx
        >>> layers = [nnx.Linear(64, 128, rngs=nnx.Rngs(0)), nnx.relu]
        >>> model = nnx.Sequential(*layers, nnx.Linear(128, 10, rngs=nnx.Rngs(1)))
        >>> batch = jnp.sin(jnp.arange(512.0 * 64).reshape(512, 64))
        >>> report = lsuv(model, batch, seed=0)
        >>> [layer.path for layer in report.layers], report.converged
        (['layers/0', 'layers/2'], True)

    References:
        Mishkin & Matas 2016, arXiv:1511.06422, algorithm 1.
    """
    options = LsuvOptions(start, seed, tolerance, most, only, exclude)
    check_call(keywords, None)
    call = keywords or {}
    if not isinstance(model, type) and is_linen(model):
        linen = _LinenModel(model, inputs, call, method, options)
        report = scale_layers(linen, options)
        return linen.variables, report
    if not isinstance(model, type) and is_nnx(model):
        nnx = _NnxModel(model, inputs, call, method, options)
        report = scale_layers(nnx, options)
        nnx.finish()
        return report
    hint = "Pass the module; of linen, then its variables and a batch."
    received = Phrase(f"an object of class {type(model).__qualname__}")
    raise FanwiseError("a module of Flax linen or nnx", received, hint)


class _NnxModel:
    """A copy of an nnx model, and a batch: the model itself is set at the end."""

    def __init__(
        self,
        model: Any,
        inputs: tuple[Any, ...],
        keywords: Mapping[str, Any],
        method: Any,
        options: LsuvOptions,
    ) -> None:
        from flax import nnx

        self._model, self._copy = model, nnx.clone(model)
        self._copy.eval()
        self._call = (inputs, keywords, method)
        self._options = options

    def start(self, recipe: Recipe, *, seed: int, dry_run: bool) -> Summary:
        options = self._options
        summary: Summary = initialize(
            self._copy,
            recipe,
            seed=seed,
            only=options.only,
            exclude=options.exclude,
            dry_run=dry_run,
            report=False,
        )
        return summary

    def measure(self) -> Sequence[LayerSignal]:
        return run_forward(self._copy, *self._call)

    def scale(self, path: str, factor: float) -> None:
        arrays, variables = nnx_arrays(self._copy)
        (stored,) = (stored for stored in arrays.weights if stored.weight.path == path)
        for key, _ in stored.blocks:
            value = read(variables[key])
            write(variables[key], value * value.dtype.type(factor))

    def finish(self) -> None:
        """Give the model the parameters of its copy."""
        from flax import nnx

        nnx.update(self._model, nnx.state(self._copy, nnx.Param))


class _LinenModel:
    """A linen module, its variables, and a batch."""

    def __init__(
        self,
        module: Any,
        inputs: tuple[Any, ...],
        keywords: Mapping[str, Any],
        method: Any,
        options: LsuvOptions,
    ) -> None:
        self._module, self._keywords, self._method = module, keywords, method
        self.variables: Any = inputs[0] if inputs else None
        self._batch = inputs[1:]
        own = {name: value for name, value in keywords.items() if name not in _OF_APPLY}
        self._traced = {"inputs": self._batch, "keywords": own or None, "method": method}
        self._options = options

    def start(self, recipe: Recipe, *, seed: int, dry_run: bool) -> Summary:
        options = self._options
        variables, summary = initialize(
            self._module,
            recipe,
            seed=seed,
            values=self.variables,
            only=options.only,
            exclude=options.exclude,
            dry_run=dry_run,
            report=False,
            **self._traced,
        )
        if not dry_run:
            self.variables = variables
        result: Summary = summary
        return result

    def measure(self) -> Sequence[LayerSignal]:
        given = (self.variables, *self._batch)
        return run_forward(self._module, given, self._keywords, self._method)

    def scale(self, path: str, factor: float) -> None:
        stored = stored_weights(self._module, values=self.variables, declared=False, **self._traced)
        names = next(weight.names for weight in stored if weight.weight.path == path)
        leaves, structure = read_leaves(self.variables)
        values = [leaf.value for leaf in leaves]
        for number, leaf in enumerate(leaves):
            if "/".join(leaf.names) in names:
                values[number] = leaf.value * leaf.value.dtype.type(factor)
        self.variables = rebuild(structure, values)
