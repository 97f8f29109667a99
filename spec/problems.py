"""What keeps a recipe from setting a model: each problem as data, and all of them in one error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fanwise.spec.errors import FanwiseError, Phrase


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a recipe and a model.

    Attributes:
        kind: "unruled" (weights without a rule), "unused rule", "unused name", "same path",
            "obstacle", "scheme" (one that does not go with its weight), "own" (a declaration
            that has no translation) or "lora".
        error: as it is raised where nothing else is wrong.
        paths: of the weights that it is about.
        lines: TOML that would mend it; empty where there is none.
    """

    kind: str
    error: FanwiseError
    paths: tuple[str, ...] = ()
    lines: str = ""


def check_problems(problems: Sequence[Problem]) -> None:
    """Raise for problems, all of them at once.

    Raises:
        FanwiseError: whose ``problems`` has them as data.
    """
    if not problems:
        return
    if len(problems) == 1:
        error = problems[0].error
        raise FanwiseError(
            error.expected,
            error.received,
            error.hint,
            context=error.context,
            problems=tuple(problems),
        )
    texts = " ".join(f"{number}. {problem.error}" for number, problem in enumerate(problems, 1))
    raise FanwiseError(
        "a recipe that fits the model",
        Phrase(f"{len(problems)} problems"),
        texts,
        problems=tuple(problems),
    )
