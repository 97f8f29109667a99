"""What models of other libraries start with, judged against the recipe that cites them.

A recipe that names a source says how that source starts. So a model of it, which its own library
has started, must have in each weight the law that the recipe gives to it. What is judged, and by
which tests, is the same as for the layers of a framework.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

from fanwise.adapters.protocol import Adapter, Started, WithRecipeStarts
from fanwise.adapters.recipe_sources import RecipeSource, recipe_sources, sources_of
from fanwise.conformance.checks.check import Check, Step, rows_step
from fanwise.conformance.checks.faults import Fault, Healthy, right, scaled
from fanwise.conformance.checks.laws import VARIANCE
from fanwise.conformance.checks.starts import FaultyStart, judge_starts
from fanwise.conformance.results.claims import ANY_DIFFERENCE, Claim, Group
from fanwise.conformance.results.rows import SUITE, Origin, Outcome, ResultRow
from fanwise.conformance.results.subjects import Subject
from fanwise.conformance.statistics.sample_sizes import MISS
from fanwise.spec.recipe_sources import shipped

AT_HAND: Final = Claim(
    name="at hand",
    group=Group.STRUCTURE,
    null="the library that a recipe cites is installed",
    test="it was found",
    catches="nothing",
)
SOURCED: Final = Claim(
    name="sourced",
    group=Group.MODELS,
    null="every bundled recipe of an architecture has a source that it is judged by",
    test="recipe_sources.toml lists one",
    catches=ANY_DIFFERENCE,
)
#: How often a model is made at the most: of some, a weight has one element for each head.
_MOST: Final = 4
#: The recipes of the frameworks themselves, which ``starts`` judges.
_DEFAULT: Final = "_default"


def recipe_starts(adapter: WithRecipeStarts, source: RecipeSource) -> Iterator[ResultRow]:
    """Judge every weight that a recipe sets of a model of its source.

    Where the library of the model is not installed, one row says so.

    Raises:
        FanwiseError: as :func:`~fanwise.conformance.checks.starts.starts` does.
    """
    if not source.installed:
        yield _not_judged(adapter, source, source.library)
        return
    start = partial(adapter.start_recipe, source)
    try:
        yield from judge_starts(adapter.name, str(source), start, most=_MOST)
    except ModuleNotFoundError as error:
        # A library that is there may need one that is not.
        yield _not_judged(adapter, source, error.name or str(error))


def _not_judged(adapter: WithRecipeStarts, source: RecipeSource, library: str) -> ResultRow:
    subject = Subject(
        adapter=adapter.name,
        engine=Origin.START,
        scheme=f"recipe {source.recipe}",
        subject=str(source),
    )
    figures = {"observed": f"not judged: needs {library}", "expected": "installed"}
    return subject.row(AT_HAND, Outcome.NONE, **figures)


def unsourced(recipes: Iterable[str], sources: Iterable[RecipeSource]) -> Iterator[ResultRow]:
    """Judge whether each recipe has a source, and each source a recipe."""
    names = tuple(name for name in recipes if not name.endswith(_DEFAULT))
    cited = {source.recipe for source in sources}
    for name in (*names, *sorted(cited - {*names})):
        subject = Subject(adapter=SUITE, engine=Origin.CORE, scheme=f"recipe {name}")
        observed = "a source" if name in cited else "no source"
        yield subject.compare(SOURCED, observed if name in names else "no recipe", "a source")


def _steps(adapter: Adapter) -> Iterator[Step]:
    if isinstance(adapter, WithRecipeStarts):
        for source in sources_of(adapter.name):
            yield rows_step(f"recipe {source}", recipe_starts, adapter, source)


def _core() -> Iterator[ResultRow]:
    return unsourced(shipped(), recipe_sources())


# The faults.


class FaultyModel(Healthy):
    """The reference, with a model of one kernel that a library has started."""

    def __init__(self, layer: FaultyStart) -> None:
        self.kernel = layer

    def start_recipe(self, source: RecipeSource, seed: int) -> list[Started]:
        """Return the one weight of the model, beside the scheme that the recipe gives it."""
        del source
        return self.kernel.start("kernel", seed)


#: A library that is always there.
_SOURCE: Final = RecipeSource(recipe="llama", adapter="*", library="fanwise", model="Model")


def _judge(adapter: Any, seed: int) -> Iterator[ResultRow]:
    start = partial(adapter.start_recipe, _SOURCE)
    return judge_starts(adapter.name, str(_SOURCE), start, seed)


class Listing(Healthy):
    """The reference, with a list of sources."""

    def __init__(self, sources: Iterable[RecipeSource]) -> None:
        self.sources = tuple(sources)


def _judge_list(adapter: Any, seed: int) -> Iterator[ResultRow]:
    del seed
    return unsourced(("llama", "torch_default"), adapter.sources)


CHECK: Final = Check(
    claims=(AT_HAND, SOURCED),
    steps=_steps,
    core=_core,
    faults=(
        Fault(
            name="a recipe 1 % off what it cites",
            claim=VARIANCE,
            judge=_judge,
            adapter=FaultyModel(FaultyStart(scaled(1.01))),
            mended=FaultyModel(FaultyStart(right)),
            missed=MISS,
        ),
        Fault(
            name="a recipe that cites nothing",
            claim=SOURCED,
            judge=_judge_list,
            adapter=Listing(()),
            mended=Listing((_SOURCE,)),
        ),
        Fault(
            name="a source of a recipe that is gone",
            claim=SOURCED,
            judge=_judge_list,
            adapter=Listing((_SOURCE, replace(_SOURCE, recipe="lama"))),
            mended=Listing((_SOURCE,)),
        ),
    ),
)
