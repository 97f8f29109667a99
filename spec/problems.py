"""What keeps a recipe from setting a model: each problem as data, and all of them in one error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from fanwise.spec.errors import FanwiseError, Phrase

#: How many values of a weight tell what it holds; of a larger one, these are spread over it.
SAMPLE: Final = 1 << 15
#: What stands above the recipe that an error ends in.
MENDED: Final = "This recipe would fit:"


@dataclass(frozen=True)
class Holding:
    """What a weight holds now.

    Attributes:
        text: in words, e.g. ``"normal, std 0.02"``.
        init: the scheme that gives it such values, as a rule says it; None where there is none.
        is_guess: whether its values are too few to tell their law.
    """

    text: str
    init: str | Mapping[str, Any] | None = None
    is_guess: bool = False


@dataclass(frozen=True)
class WeightGroup:
    """Weights that are alike.

    Attributes:
        label: the class of their layers and their own name, e.g. ``"LlamaRMSNorm.weight"``.
        shape: of each of them.
        holds: what each of them holds now, in words; ``""`` where that was not looked at.
        paths: of all of them.
    """

    label: str
    shape: tuple[int, ...]
    holds: str
    paths: tuple[str, ...]

    def __str__(self) -> str:
        held = f", {self.holds}" if self.holds else ""
        return f"{len(self.paths)} × {self.label} {self.shape}{held}"


#: What may be wrong: weights without a rule; a rule, or a name, that fits nothing; two weights of
#: one path; a weight that cannot be set; a scheme that does not go with its weight; a declaration
#: that has no translation; a LoRA whose halves no rule names.
ProblemKind = Literal[
    "unruled", "unused rule", "unused name", "same path", "obstacle", "scheme", "own", "lora"
]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a recipe and a model.

    Attributes:
        kind: what is wrong.
        error: as it is raised where nothing else is wrong.
        paths: of the weights that it is about.
        rule: the number of the rule that it is about; 0 for none.
        groups: the weights that it is about, those that are alike together.
        lines: TOML that would mend it; empty where there is none.
        framework: in whose ``[names]`` the pattern is; empty for other kinds.
        nearest: the pattern of ``[names]`` that fits, and is most like the one that does not.
    """

    kind: ProblemKind
    error: FanwiseError
    paths: tuple[str, ...] = ()
    rule: int = 0
    groups: tuple[WeightGroup, ...] = ()
    lines: str = ""
    framework: str = ""
    nearest: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, with what it says as a text."""
        return {
            "kind": self.kind,
            "text": str(self.error),
            "paths": list(self.paths),
            "rule": self.rule,
            "groups": [asdict(group) for group in self.groups],
            "lines": self.lines,
        }


def listed_problems(problems: Sequence[Problem]) -> str:
    """Number problems, each in lines of its own."""
    return "".join(f"\n{number}. {problem.error}" for number, problem in enumerate(problems, 1))


def check_problems(problems: Sequence[Problem], mended: str = "") -> None:
    """Raise for problems, all of them at once.

    Args:
        problems: what is wrong.
        mended: TOML of a recipe that fits; empty where there is none.

    Raises:
        FanwiseError: whose ``problems`` has them as data.
    """
    if not problems:
        return
    advice = f"\n\n{MENDED}\n\n{mended}" if mended else ""
    if len(problems) == 1:
        error = problems[0].error
        raise FanwiseError(
            error.expected,
            error.received,
            error.hint + advice,
            context=error.context,
            problems=tuple(problems),
        )
    raise FanwiseError(
        "a recipe that fits the model",
        Phrase(f"one with {len(problems)} problems"),
        listed_problems(problems) + advice,
        problems=tuple(problems),
    )
