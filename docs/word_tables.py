"""The words of reports, as docs/reading_a_report.md has them."""

from __future__ import annotations

from collections.abc import Iterator

from fanwise.conformance.report.words import Word, word_sections


def sections() -> Iterator[str]:
    """Return a section for each part of a report, with the words that are met there."""
    for section in word_sections():
        yield f"### {section.title}"
        yield "\n".join(_line(word) for word in section.words)


def _line(word: Word) -> str:
    mark = f" {word.mark}" if word.mark else ""
    (report, *others) = sorted(word.reports)
    where = "" if others else f" *({report})*"
    return f"- **{word.word}**{mark}{where}: {word.means}"
