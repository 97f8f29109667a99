"""LSUV of a torch model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

import torch
from torch import nn

from fanwise.adapters.lsuv import LsuvOptions, LsuvReport, scale_layers
from fanwise.adapters.model_runs import check_call
from fanwise.adapters.signals import LayerSignal
from fanwise.adapters.summary import Summary
from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.watchers import check_unrecorded
from fanwise.adapters.torch.initialize import initialize
from fanwise.adapters.torch.layers.models import model_weights
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.adapters.torch.signals import run_forward
from fanwise.core.uncompiled import uncompiled
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Patterns
from fanwise.spec.recipe import Recipe
from fanwise.spec.registry import SchemeLike


@uncompiled
def lsuv(
    model: nn.Module,
    *inputs: Any,
    keywords: Mapping[str, Any] | None = None,
    seed: int | None = None,
    start: SchemeLike | None = "orthogonal",
    tolerance: float = 0.1,
    most: int = 10,
    only: Patterns = None,
    exclude: Patterns = None,
) -> LsuvReport:
    """Set a model so that its layers give a variance of 1 on a batch: layer-sequential, by data.

    The kernels of dense and convolutional layers start orthonormal, and their biases at zero.
    Then, in the order of the forward pass, each kernel is divided by the standard deviation of
    what its layer gives on the batch, until the variance is 1. The model runs in eval mode:
    dropout does nothing, and a normalization by batches uses the statistics that it holds.

    Left alone, and named in the report, are other weights (embeddings, attention, recurrences,
    normalizations), what does not train, and what transformers marks as loaded. A kernel of
    several layers, or of one that is called several times, is scaled by the mean of the variances
    of its calls. It differs from the authors' code, which also shifts biases by the mean, and takes
    the last call.

    Args:
        model: any module.
        inputs: a batch, as the model takes it; of the data that it is to be trained on.
        keywords: what the model takes by name.
        seed: 0 ≤ seed < 2⁶⁴, of the start.
        start: the scheme of the kernels; None scales the kernels that are there, and leaves
            biases as they are. Then there is no seed.
        tolerance: how far from 1 a variance may be.
        most: how often one kernel is scaled at most.
        only: patterns of canonical paths; other weights are not touched.
        exclude: patterns of canonical paths that are not touched.

    Returns:
        A :class:`LsuvReport`, a row for each layer; ``str`` of it is a table. ``converged`` says
        whether all variances are within the tolerance.

    Raises:
        FanwiseError: for bad input, a model that does not run or is sharded, and an output that
            does not vary or is not finite; the model is then as it was.

    Examples:
        >>> import torch
        >>> from torch import nn
        >>> model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
        >>> batch = torch.linspace(-1, 1, 512 * 64).reshape(512, 64).sin()
        >>> report = lsuv(model, batch, seed=0)
        >>> [layer.path for layer in report.layers], report.converged
        (['0', '2'], True)

    References:
        Mishkin & Matas 2016, arXiv:1511.06422, algorithm 1.
    """
    options = LsuvOptions(start, seed, tolerance, most, only, exclude)
    if not isinstance(model, nn.Module):
        raise FanwiseError("a torch.nn.Module", Phrase(type(model).__name__), "Pass the model.")
    check_call(keywords, None)
    check_unrecorded()
    split = [name for name, tensor in model.named_parameters() if sharded.is_sharded(tensor)]
    split += [stored.weight.path for stored in model_weights(model) if stored.partitions]
    if split:
        received = Phrase(f"{', '.join(split[:3])} in parts")
        hint = "Scale it before it is sharded."
        raise FanwiseError("a model that is whole in this process", received, hint)
    with _put_back_on_error(model):
        return scale_layers(_TorchModel(model, inputs, keywords or {}, options), options)


class _TorchModel:
    """A torch model, and a batch."""

    def __init__(
        self,
        model: nn.Module,
        inputs: Sequence[Any],
        keywords: Mapping[str, Any],
        options: LsuvOptions,
    ) -> None:
        self._model, self._inputs, self._keywords = model, inputs, keywords
        self._options = options
        self._weights: dict[str, TensorWeight] = {}

    def start(self, recipe: Recipe, *, seed: int, dry_run: bool) -> Summary:
        options = self._options
        summary = initialize(
            self._model,
            recipe,
            seed=seed,
            only=options.only,
            exclude=options.exclude,
            dry_run=dry_run,
            report=False,
        )
        self._weights = {stored.weight.path: stored for stored in model_weights(self._model)}
        return summary

    def measure(self) -> Sequence[LayerSignal]:
        return run_forward(self._model, self._inputs, self._keywords)

    def scale(self, path: str, factor: float) -> None:
        stored = self._weights[path]
        if stored.computed:
            hint = f"Leave it out with exclude={path!r}, or remove the parametrization."
            received = Phrase(f"{path}, which is computed from other parameters")
            raise FanwiseError("a kernel that is stored as it is used", received, hint)
        with torch.no_grad():
            for memory, _ in stored.blocks():
                memory.mul_(factor)


@contextmanager
def _put_back_on_error(model: nn.Module) -> Iterator[None]:
    """Put the values of parameters and buffers back where something is raised."""
    tensors = {id(t): t for t in chain(model.parameters(), model.buffers()) if not t.is_meta}
    kept = [(tensor, tensor.detach().clone()) for tensor in tensors.values()]
    try:
        yield
    except BaseException:
        with torch.no_grad():
            for tensor, value in kept:
                tensor.copy_(value)
        raise
