"""A whole model from one recipe."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.autograd.graph import increment_version

from fanwise.adapters.engines import EngineName
from fanwise.adapters.recipes import check_settable, planned_weights, report_row
from fanwise.adapters.summary import Summary, SummaryRow
from fanwise.adapters.torch.drawing import native, portable, sharded
from fanwise.adapters.torch.drawing.engines import Source
from fanwise.adapters.torch.drawing.records import Share, record
from fanwise.adapters.torch.drawing.tensors import check_tensor
from fanwise.adapters.torch.layers.models import TensorWeight, model_weights, std
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import Constant, Structured
from fanwise.spec.plan import Patterns, Planned
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe import recipe as read_recipe

_FRAMEWORK: Final = "torch"
#: What is to be written, each with its plan.
Plans = Sequence[tuple[TensorWeight, Planned]]


def initialize(
    model: nn.Module,
    recipe: Any,
    *,
    seed: int | None = None,
    engine: EngineName = "portable",
    generator: torch.Generator | None = None,
    only: Patterns = None,
    exclude: Patterns = None,
    dry_run: bool = False,
    **variables: float | str,
) -> Summary:
    """Start a whole model by a recipe: the same function as its twins in other frameworks.

    Every weight is drawn from the seed and its canonical path. What a layer packs into one
    tensor (query, key and value; the gates of a recurrence) gets what separate weights
    would. A tensor that is shared is set once, under its first path. Running statistics are
    set too, and the rows of an embedding's padding are zero. Of a sharded model (DTensor,
    so also FSDP2) every rank draws its own parts, and every rank must call. On the meta
    device there is nothing to write: materialize the model first, or ask for a dry run.

    Args:
        model: any module.
        recipe: the name of one that comes with Fanwise, TOML text, the path of a TOML file,
            a dict of the same form, or a :class:`fanwise.spec.recipe.Recipe`.
        seed: 0 ≤ seed < 2⁶⁴; without one it is drawn once, from the generator, if anything
            random is drawn.
        engine: ``"portable"``, the same bits in every framework; or ``"native"``, the
            functions of ``torch.nn.init``, for which a path counts only beside a seed.
        generator: torch's, in the place of its default one.
        only: patterns of canonical paths; other weights are not touched.
        exclude: patterns of canonical paths that are not touched.
        dry_run: whether to check and report everything, and write nothing.
        variables: values in the place of the recipe's ``[vars]``.

    Returns:
        A :class:`Summary`, a row for each weight that the recipe sets; ``str`` of it is a
        table. Observed is NaN where nothing was written.

    Raises:
        FanwiseError: for bad input, a weight without a rule, and a rule without a weight;
            the model is then untouched.

    Examples:
        >>> from torch import nn
        >>> model = nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2))
        >>> rules = [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}]
        >>> report = initialize(model, {"fanwise": 1, "rule": rules}, seed=0)
        >>> [row.path for row in report.rows]
        ['0/kernel', '0/bias', '2/kernel', '2/bias']
    """
    source = Source(seed, engine, generator)
    return initialize_weights(
        model_weights(model),
        read_recipe(recipe, **variables),
        source,
        only=only,
        exclude=exclude,
        dry_run=dry_run,
    )


def initialize_weights(
    weights: Sequence[TensorWeight],
    recipe: Recipe,
    source: Source,
    *,
    only: Patterns = None,
    exclude: Patterns = None,
    dry_run: bool = False,
) -> Summary:
    """Start weights by a recipe, all of them or, on an error, none.

    Args:
        weights: all weights of a model, or of a layer under its path.
        recipe: what they start with.
        source: where the randomness comes from.
        only, exclude, dry_run: as in :func:`initialize`.
    """
    _check_apart(weights)
    matched = planned_weights(recipe, weights, framework=_FRAMEWORK, only=only, exclude=exclude)
    plans = [(stored, _read_for_drawing(planned)) for stored, planned in matched]
    for stored, planned in plans:
        check_settable(planned, partial(_check_storage, stored))
        if source.engine == "native":
            _check_native(stored, planned)
    if not dry_run:
        _write([(stored, planned) for stored, planned in plans if not _is_empty(stored)], source)
        _record(weights, plans)
    rows = (_row(stored, planned, dry_run=dry_run) for stored, planned in plans)
    return Summary(tuple(rows))


def _check_apart(weights: Iterable[TensorWeight]) -> None:
    """Raise for parameters that were made one, by the old FullyShardedDataParallel."""
    for stored in weights:
        if type(stored.tensor).__name__ == "FlatParameter":
            hint = "Initialize before wrapping in FullyShardedDataParallel, or use fully_shard."
            received = Phrase(f"{stored.weight.path}, several in one without their axes")
            raise FanwiseError("weights with axes", received, hint)


def _read_for_drawing(planned: Planned) -> Planned:
    """Read a dirac of a transposed convolution the other way round."""
    if planned.scheme.family != "dirac" or planned.weight.axes != "torch_transposed":
        return planned
    # It is its own transpose; read this way the groups lie on the axis that it cuts.
    return replace(planned, weight=replace(planned.weight, axes="torch"))


def _check_storage(stored: TensorWeight) -> None:
    for tensor in stored.tensors.values():
        check_tensor(tensor)


def _check_native(stored: TensorWeight, planned: Planned) -> None:
    try:
        law = planned.scheme.law(planned.weight.shape, planned.weight.axes)
        for tensor in stored.tensors.values():
            native.check(law, tensor)
    except FanwiseError as error:
        raise error.within(f"{planned.weight.path} cannot be set") from error


def _write(plans: Plans, source: Source) -> None:
    """Write weights, the zeros of their padding, and what follows from them."""
    blocks = [(stored, planned, list(stored.blocks())) for stored, planned in plans]
    if source.engine == "native":
        for stored, planned, held in blocks:
            _write_native(stored, planned, held, source)
    else:
        parts = [
            _part(block, index, planned) for _, planned, held in blocks for block, index in held
        ]
        portable.write_parts(parts, seed=_seed(plans, source))
    for stored, _, held in blocks:
        if stored.description.zero_row is not None:
            for block, index in held:
                _clear(block, index, stored.description.zero_row)
        for follower, values in stored.followers():
            follower.copy_(values)
    for tensor in _tensors(stored for stored, _ in plans):
        if not tensor.is_inference():
            # What an in-place operation does, so that autograd notices.
            increment_version(tensor)


def _seed(plans: Plans, source: Source) -> int:
    """Return the seed, or one from the generator: of a sharded model, the first rank's."""
    if source.seed is not None:
        return source.seed
    random = [stored for stored, planned in plans if _is_random(planned)]
    if not random:
        return 0
    seed = portable.draw_seed(source.generator)
    tensors = [tensor for tensor in _tensors(random) if sharded.is_sharded(tensor)]
    return sharded.agreed(seed, tensors) if tensors else seed


def _part(block: Tensor, index: Any, planned: Planned) -> portable.Part:
    weight = planned.weight
    held = None if tuple(block.shape) == weight.shape else index
    return portable.Part(block, weight.shape, held, planned.scheme, weight.path, weight.axes)


def _write_native(
    stored: TensorWeight, planned: Planned, held: list[tuple[Tensor, Any]], source: Source
) -> None:
    """Draw a weight by torch's own functions, and put what is packed into its blocks."""
    weight = planned.weight
    law = planned.scheme.law(weight.shape, weight.axes)
    packed = not stored.whole
    tensor = stored.tensor
    target = tensor.new_empty(weight.shape) if packed else tensor
    generator, own = source.generator, source.seed is not None
    if source.seed is not None:
        generator = native.generator_of(source.seed, weight.path, tensor)
    native.fill(target, law, generator=generator, own=own)
    if packed:
        for block, index in held:
            block.copy_(target[index])


def _is_random(planned: Planned) -> bool:
    law = planned.scheme.law(planned.weight.shape, planned.weight.axes)
    if isinstance(law, Structured):
        return law.generator not in ("identity", "dirac")
    return not isinstance(law, Constant)


def _clear(block: Tensor, index: Any, row: int) -> None:
    """Set a row to zeros, where this block of the weight has it."""
    if index[0].start <= row < index[0].stop:
        block[row - index[0].start].fill_(0)


def _is_empty(stored: TensorWeight) -> bool:
    return stored.on_meta or math.prod(stored.weight.shape) == 0


def _tensors(weights: Iterable[TensorWeight]) -> list[Tensor]:
    """List the tensors of weights, each once."""
    return list({id(t): t for stored in weights for t in stored.tensors.values()}.values())


def _record(weights: Sequence[TensorWeight], plans: Plans) -> None:
    """Remember, of every tensor that was set as a whole, what it was set by."""
    written: dict[int, list[Planned]] = {}
    for stored, planned in plans:
        for tensor in stored.tensors.values():
            written.setdefault(id(tensor), []).append(planned)
    stored_in = Counter(id(t) for stored in weights for t in stored.tensors.values())
    for tensor in _tensors(stored for stored, _ in plans):
        parts = written[id(tensor)]
        if len(parts) == stored_in[id(tensor)]:
            record(tensor, *(Share(p.scheme, p.weight.shape, p.weight.axes) for p in parts))


def _row(stored: TensorWeight, planned: Planned, *, dry_run: bool) -> SummaryRow:
    shape = tuple(stored.tensor.shape) if stored.whole else stored.weight.shape
    observed = math.nan if dry_run or _is_empty(stored) else std(stored)
    return report_row(planned, shape=shape, observed=observed)
