"""A whole model from one recipe."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn

from fanwise.adapters.engines import Engine, EngineName
from fanwise.adapters.recipes import (
    PlannedWeights,
    check_follower,
    check_settable,
    planned_weights,
    report_row,
)
from fanwise.adapters.summary import Summary, SummaryRow
from fanwise.adapters.switches import check_switches
from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.engines import (
    Setting,
    Source,
    check_drawn_in_parts,
    check_engine_draws,
    check_ranks,
    write,
)
from fanwise.adapters.torch.drawing.partitions import Group
from fanwise.adapters.torch.drawing.records import record
from fanwise.adapters.torch.drawing.watchers import check_unrecorded
from fanwise.adapters.torch.layers.adapter_norms import renew_norms
from fanwise.adapters.torch.layers.buffers import warn_of_unset_buffers
from fanwise.adapters.torch.layers.declared_parameters import with_declarations
from fanwise.adapters.torch.layers.declared_ties import check_declared_ties
from fanwise.adapters.torch.layers.holdings import holding_of
from fanwise.adapters.torch.layers.loaded_weights import with_loaded, with_missing
from fanwise.adapters.torch.layers.memory import check_memory
from fanwise.adapters.torch.layers.models import check_python, model_weights, other_tensors
from fanwise.adapters.torch.layers.partitioned import with_experts_unplaced
from fanwise.adapters.torch.layers.replicas import check_sharded_groups, group_of_copies
from fanwise.adapters.torch.layers.restored_values import restore_buffers, write_formulas
from fanwise.adapters.torch.layers.stage_places import At, StagePlaces
from fanwise.adapters.torch.layers.stages import (
    StagedWeight,
    held_plans,
    moved,
    settled_alike,
    staged_weights,
)
from fanwise.adapters.torch.layers.tensor_weights import (
    TensorWeight,
    assign_computed,
    std,
    with_memory,
)
from fanwise.adapters.torch.layers.wrappers import named_layers
from fanwise.core.uncompiled import uncompiled
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Patterns, Planned
from fanwise.spec.problems import Holding, Problem, check_problems
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe import recipe as read_recipe
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import Resolved, resolve

_FRAMEWORK: Final = "torch"
#: What is to be written, each with its plan.
Plans = Sequence[tuple[TensorWeight, Planned]]


@uncompiled
def initialize(
    model: nn.Module,
    recipe: Recipe | str | Path | Mapping[str, Any],
    *,
    seed: int | None = None,
    engine: EngineName = "portable",
    generator: torch.Generator | None = None,
    only: Patterns = None,
    exclude: Patterns = None,
    missing: Any = None,
    part_of: nn.Module | None = None,
    at: At = None,
    group: Group = None,
    dry_run: bool = False,
    report: bool = True,
    **variables: float | str,
) -> Summary:
    """Start a whole model by a recipe: the same function as its twins in other frameworks.

    Every weight is drawn from the seed and its canonical path. What a layer packs into one
    tensor (query, key and value; the gates of a recurrence) gets what separate weights
    would. A tensor that is shared is set once, under its first path. Running statistics are
    set too, and the rows of an embedding's padding are zero. A parameter that does not train
    is drawn only by a rule with ``frozen = true``. Wrappers (compilation, data parallelism,
    averaging, checkpointing) have no part in paths. Of a sharded model (DTensor,
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
        missing: what a checkpoint did not bring, and all that is set: names of ``state_dict`` or
            canonical paths, what ``load_state_dict`` returned, or transformers' loading
            information; a tensor that was brought under one of several names is not missing.
            Without it, parameters that transformers marks as loaded
            (``_is_hf_initialized``) are left alone, unless ``only`` names them.
        part_of: the whole model, usually on the meta device, where ``model`` is a part of it, such
            as a stage of a pipeline. The recipe is held to the whole, whose layers it counts; what
            the part has is set, as the whole would be. It takes a seed.
        at: where a part stands that names its modules anew: the name of the part in the whole,
            ``"layers.4"``; or those of its modules, ``{"layers.0": "layers.4"}``. Without
            ``part_of`` the paths are those names, and the recipe is held to the part.
        group: of the ranks that share the weights that layers cut themselves, into plain tensors
            with ``tensor_model_parallel``: a process group, or ``(rank, size)``, with ``(0, 1)``
            where they are whole. Without it the layers are asked, and then Megatron. It takes a
            seed.
        dry_run: whether to check and report everything, problems too, and write nothing.
        report: whether to read every weight again, for its standard deviation; or in a dry run,
            what it holds now.
        variables: values in the place of the recipe's ``[vars]``.

    Returns:
        A :class:`Summary`, a row for each weight that the recipe sets, and the names of what is
        left as it is: other weights, buffers and tensors; ``str`` of it is a table.
        Observed is NaN where nothing was written, or nothing read again.

    Raises:
        FanwiseError: for bad input, a weight without a rule, a rule without a weight, and
            weights that cannot be drawn: quantized, sparse, overlapping, partly on the meta
            device, and so on; and for ranks that do not pass the same seed. The model is then
            untouched.

    Warns:
        UnsetBufferWarning: where buffers, or weights that stay, seem to hold what lay in their
            memory before.

    Examples:
        >>> from torch import nn
        >>> model = nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2))
        >>> rules = [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}]
        >>> report = initialize(model, {"fanwise": 1, "rule": rules}, seed=0)
        >>> [row.path for row in report.rows]
        ['0/kernel', '0/bias', '2/kernel', '2/bias']
    """
    check_unrecorded()
    check_switches(dry_run=dry_run, report=report)
    check_python(model)
    places = StagePlaces(model, at)
    every = model_weights(model, group=group)
    layers = list(named_layers(model))
    # Before anything is read: on the host torch cannot let go of memory that an array shares.
    check_sharded_groups(layers)
    declared = with_declarations(model, every)
    weights = declared.weights
    if at is None:
        weights = with_experts_unplaced(weights)
    chosen = read_recipe(recipe, **variables)

    def settle(weights: Sequence[TensorWeight]) -> Sequence[TensorWeight]:
        if missing is not None:
            return with_missing(model, weights, missing, chosen.names.get(_FRAMEWORK, {}))
        return with_loaded(weights) if only is None else weights

    placed: tuple[StagedWeight, ...] | None = None
    if part_of is not None:
        _check_seed(seed)
        placed = settled_alike(staged_weights(model, weights, part_of, places, group), settle)
        check_declared_ties(list(named_layers(part_of)))
        weights = [stored for each in placed for stored in each.held]
    else:
        check_declared_ties(layers)
        weights = settle(weights if at is None else [moved(stored, places) for stored in weights])
    planned = set_weights(
        weights,
        chosen,
        Source(seed, engine, generator, group_of_copies(layers)),
        only=only,
        exclude=exclude,
        dry_run=dry_run,
        placed=placed,
    )
    present = [stored for stored, _ in planned.plans]
    if not dry_run:
        unset = write_formulas(planned.staying, declared)
        if declared.is_unset:
            unset += write_formulas(planned.allowed, declared)
            unset += [stored.weight.path for stored in planned.excluded if not stored.empty]
        renew_norms(model, present)
        restore_buffers(model, layers, present, is_unset=declared.is_unset)
        warn_of_unset_buffers(layers, present, unset)
    is_read = report and not dry_run
    is_held = report and dry_run
    return Summary(
        tuple(
            _row(stored, plan, holding_of(stored) if is_held else None, is_read=is_read)
            for stored, plan in planned.plans
        ),
        left_alone=(*planned.kept, *other_tensors(layers, weights, present)),
        problems=planned.problems,
    )


def set_weights(
    weights: Sequence[TensorWeight],
    recipe: Recipe,
    source: Source,
    *,
    only: Patterns = None,
    exclude: Patterns = None,
    left_alone: Collection[str] = (),
    dry_run: bool = False,
    note: Callable[[Tensor, int, str | None], None] | None = None,
    placed: Sequence[StagedWeight] | None = None,
) -> PlannedWeights[TensorWeight]:
    """Set weights by a recipe, all of them or, on an error, none.

    Args:
        weights: all weights of a model, or of a layer under its path.
        recipe: what they start with.
        source: where the randomness comes from.
        only, exclude, dry_run: as in :func:`initialize`.
        left_alone: roles of the weights that stay as they are.
        note: called with every weight that is drawn from a given seed: memory, seed, path.
        placed: of a part of a model, all weights of the whole, by which it is planned.

    Returns:
        What is set, with its plan; what is kept; and for a dry run the problems.
    """
    plan = partial(
        planned_weights,
        recipe,
        framework=_FRAMEWORK,
        only=only,
        exclude=exclude,
        left_alone=left_alone,
        is_dry=dry_run,
    )
    if placed is None:
        planned = plan(weights, observe=holding_of)
    else:
        of_whole = plan(placed, observe=lambda each: holding_of(each.shown))
        planned = held_plans(of_whole, placed, recipe.names.get(_FRAMEWORK, {}))
    plans = planned.plans
    problems = list(planned.problems)
    try:
        check_memory([stored for stored, _ in planned.plans])
    except FanwiseError as error:
        problems.append(Problem("obstacle", error))
    if not dry_run:
        check_problems(problems)
        present = with_memory([stored for stored, _ in planned.plans])
        plans = [(stored, plan) for stored, (_, plan) in zip(present, plans, strict=True)]
    settings = [_setting(stored, plan) for stored, plan in plans]
    problems += _obstacles(plans, settings, source)
    if not dry_run:
        check_problems(problems)
    if note is not None and source.seed is not None:
        for (stored, _), setting in zip(plans, settings, strict=True):
            if setting.random and not stored.empty:
                # Where it begins: two weights of one tensor have memory of their own.
                memory = next((block for block, _ in stored.blocks()), None)
                held = stored.sources[0] if stored.computed or memory is None else memory
                note(held, source.seed, setting.path)
    if not dry_run:
        check_ranks(settings, source, _groups(plans))
        write(settings, source)
        for stored, _ in plans:
            _finish(stored)
        assign_computed([stored for stored, _ in plans], partial(_draw_normals, source))
        _record(weights, plans)
    return replace(planned, plans=plans, problems=tuple(problems))


def _check_seed(seed: int | None) -> None:
    """Raise where the parts of one model would each draw a seed of their own."""
    if seed is None:
        hint = "Pass the same seed= on all ranks."
        raise FanwiseError("a seed beside part_of", Phrase("none"), hint)


def _groups(plans: Plans) -> list[Any]:
    """List the process groups whose ranks have plain parts of weights, in order."""
    parts = (part for stored, _ in plans for part in stored.partitions.values())
    return [part.group for part in parts if part.group is not None]


def _setting(stored: TensorWeight, planned: Planned) -> Setting:
    tensors = tuple(stored.tensors.values())
    blocks = None if stored.whole and not stored.partitions else stored.blocks
    return Setting(planned.resolved, planned.weight.path, tensors, blocks)


def _obstacles(plans: Plans, settings: Sequence[Setting], source: Source) -> Iterator[Problem]:
    """Give a problem for every weight that cannot be drawn as it is planned."""
    passed: set[Hashable] = set()
    for (stored, plan), setting in zip(plans, settings, strict=True):
        dtypes = [tensor.dtype for tensor in setting.tensors]
        alike = (id(plan.resolved), *dtypes) if _is_common(stored, plan, source) else None
        if alike in passed:
            continue
        try:
            check_settable(plan, partial(_check, stored, setting, source))
        except FanwiseError as error:
            yield Problem("obstacle", error, (plan.weight.path,))
        else:
            passed.update(() if alike is None else (alike,))


def _is_common(stored: TensorWeight, planned: Planned, source: Source) -> bool:
    """Tell whether all that could keep a weight from being drawn is its scheme and its dtype."""
    return (
        source.engine == Engine.PORTABLE
        and planned.weight.path.isascii()
        and stored.is_alone
        and not (stored.computed or stored.partitions)
    )


def _check(stored: TensorWeight, setting: Setting, source: Source) -> None:
    """Raise where a weight cannot be drawn by the engine, or its followers not be set."""
    check_engine_draws(setting, source)
    if stored.partitions:
        check_drawn_in_parts(setting, source)
    for computed in stored.computed.values() if stored.whole else ():
        computed.check_law(setting.resolved.law)
    if stored.is_alone or stored.empty:
        return
    for name, follower, function in stored.followers():
        # What is to be drawn, or for a drawn seed something like it, in memory of its own.
        memory = torch.zeros_like(sharded.memory(stored.tensor))
        trial = Setting(setting.resolved, setting.path, (memory,))
        if memory.shape == stored.weight.shape:
            write([trial], Source(source.seed or 0))
        check_follower(name, tuple(follower.shape), partial(function, memory))


def _finish(stored: TensorWeight) -> None:
    """Write the zeros of padding, and what starts with a weight."""
    if stored.is_alone or stored.empty:
        return
    for row in stored.zero_rows():
        row.fill_(0)
    for _, follower, function in stored.followers():
        follower.copy_(torch.as_tensor(function(sharded.memory(stored.tensor))))


def _record(weights: Sequence[TensorWeight], plans: Plans) -> None:
    """Remember, of every tensor that was set as a whole, what it was set by."""
    written: dict[int, tuple[Tensor, list[Resolved]]] = {}
    for stored, planned in plans:
        for tensor in stored.every_source():
            written.setdefault(id(tensor), (tensor, []))[1].append(planned.resolved)
    stored_in = Counter([id(tensor) for stored in weights for tensor in stored.every_source()])
    for key, (tensor, resolved) in written.items():
        if len(resolved) == stored_in[key]:
            record(tensor, *resolved)


def _draw_normals(source: Source, path: str, vector: Tensor, name: str) -> None:
    """Draw what a weight is computed with: the same numbers from a seed and the weight's path."""
    normal = resolve(scheme("normal"), tuple(vector.shape), "out")
    write([Setting(normal, f"{path}/{name}", (vector,))], Source(source.seed or 0))


def _row(
    stored: TensorWeight, planned: Planned, holding: Holding | None, *, is_read: bool
) -> SummaryRow:
    is_plain = stored.whole and not stored.partitions
    shape = tuple(stored.tensor.shape) if is_plain else stored.weight.shape
    if all(source.has_law for source in stored.computed.values()):
        observed = std(stored) if is_read and not stored.empty else math.nan
        return report_row(planned, shape=shape, observed=observed, holding=holding)
    # What is drawn goes through a formula: of the law of what comes out, no number is known.
    sources = [source.detach() for source in stored.sources]
    held = replace(stored, tensors=dict(zip(stored.tensors, sources, strict=True)))
    observed = std(held) if is_read and not stored.empty else math.nan
    row = report_row(planned, shape=shape, observed=observed, holding=holding)
    return replace(row, expected=None)
