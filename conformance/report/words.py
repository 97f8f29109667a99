"""What the words of a report mean: one source for the legends and for the documentation."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final, Literal

#: What has a legend.
Report = Literal["conformance", "audit"]
FILE: Final = "words.toml"
CLAIMS: Final = "claims.toml"


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word of a report.

    Attributes:
        word: as the report writes it.
        means: its definition, in sentences.
        mark: what stands for it in a table, if anything does.
        reports: which reports have it.
    """

    word: str
    means: str
    mark: str
    reports: frozenset[Report]


@dataclass(frozen=True)
class WordSection:
    """Words that are met together.

    Attributes:
        title: where in the report.
        words: in the order in which they are met.
    """

    title: str
    words: tuple[Word, ...]


@cache
def word_sections(report: Report | None = None) -> tuple[WordSection, ...]:
    """Return the words of a report, in the order in which a reader meets them.

    Args:
        report: whose words; without one, those of both.

    Returns:
        The sections that have any.

    Examples:
        >>> [section.title for section in word_sections("audit")][:2]
        ['At the top', 'Outcomes']
    """
    sections = (_section(data, report) for data in _data(FILE)["section"])
    return tuple(section for section in sections if section.words)


@cache
def claim_sentences(report: Report) -> Mapping[str, str]:
    """Return what each claim of a report says, by its name.

    Examples:
        >>> claim_sentences("audit")["finite"]
        'No element is infinite or no number at all.'
    """
    sentences: Mapping[str, str] = MappingProxyType(_data(CLAIMS)[report])
    return sentences


def _data(name: str) -> dict[str, Any]:
    file = resources.files("fanwise.conformance.report").joinpath(name)
    return tomllib.loads(file.read_text("utf-8"))


def _section(data: dict[str, Any], report: Report | None) -> WordSection:
    words = (_word(word) for word in data["word"])
    return WordSection(data["title"], tuple(w for w in words if report in (None, *w.reports)))


def _word(data: dict[str, Any]) -> Word:
    return Word(
        word=data["word"],
        means=data["means"],
        mark=data.get("mark", ""),
        reports=frozenset(data["in"]),
    )
