"""What people say when they look for a scheme, in the words of the gallery."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.gallery_entries import words_of
from fanwise.spec.own_files import own_text

_NUMBER: Final = r"(?<![\d,.])([1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,5})"
_LAYERS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:depth|(?:num_|n_)?(?:layers?|blocks)|layer count)\s*(?:of|=|:)?\s*{_NUMBER}\b",
        rf"{_NUMBER}[\s-]*(?:layers?|blocks?|deep)\b",
        rf"\bl\s*=\s*{_NUMBER}\b",
    )
)
_SHAPE: Final = re.compile(r"[(\[]?\b\d{1,9}(?:\s*[,x×]\s*\d{1,9})+\b,?[)\]]?")
_WORD: Final = re.compile(r"[^\W_][\w.]*")
#: The most words of a phrase.
_LONGEST: Final = 3


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is looked for.

    Attributes:
        meanings: architectures, roles and activations, each with the words that said so.
        words: what is looked for in names and texts.
        layers: how deep the model is.
        shape: of the weight, as it was written.
    """

    meanings: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    layers: int | None = None
    shape: str | None = None


@cache
def phrases() -> Mapping[str, tuple[str, ...]]:
    """Return what each phrase means."""
    return {
        phrase: tuple(meant.split())
        for table in ("meanings", "names")
        for meant, said in _data()[table].items()
        for phrase in said
    }


def wanted_by(text: str) -> Wanted:
    """Read what someone looks for, in their own words.

    Examples:
        >>> found = wanted_by("I have a SwiGLU block of depth 32")
        >>> found.layers, found.words
        (32, ())
        >>> [meaning for meaning in found.meanings if meaning.startswith("mlp")]
        ['mlp.gate', 'mlp.up', 'mlp.down']
    """
    rest = text.casefold().replace("µ", "u").replace("μ", "u")
    layers, rest = _cut_number(rest)
    told = _SHAPE.search(rest)
    if told is not None:
        rest = _without(rest, told)
    meanings: dict[str, str] = {}
    words: list[str] = []
    empty, named = _words("empty"), _words("names")
    for phrase, meant in _cut(_WORD.findall(rest.replace("-", " "))):
        for meaning in meant:
            meanings.setdefault(meaning, phrase)
        if _known(phrase) in named:
            words.append(phrase.replace(" ", ""))
        elif not meant and len(phrase) > 1 and phrase not in empty:
            words.append(phrase)
    return Wanted(
        meanings=meanings,
        words=tuple(dict.fromkeys(words)),
        layers=layers,
        shape=None if told is None else told[0].rstrip(","),
    )


def wanted_of(text: str | None, asked: Mapping[str, str | None], layers: int | None) -> Wanted:
    """Read what someone looks for, and what they say beside it.

    Args:
        text: in their own words, if any.
        asked: the role, the architecture and the activation, in the gallery's words or theirs.
        layers: how deep the model is; None where the text may say it.

    Raises:
        FanwiseError: for a word that means none of its kind, and where nothing is asked for.

    Examples:
        >>> dict(wanted_of(None, {"role": "down projection", "activation": None}, 12).meanings)
        {'mlp.down': 'down projection'}
    """
    wanted = wanted_by(text or "")
    meanings: dict[str, str] = {}
    for kind, word in asked.items():
        if word is not None:
            meanings |= dict.fromkeys(_meant(kind, word), word)
    says = wanted.meanings or wanted.words or wanted.layers or wanted.shape
    if text is not None and not says:
        hint = "Name a model, a layer, an activation, a paper, or a function of a framework."
        raise FanwiseError("words that say what is looked for", text, hint)
    # A role that is asked for goes before those that the text implies.
    roles = words_of("role")
    told = [word for word in meanings if word in roles]
    implied = {word: said for word, said in wanted.meanings.items() if not (told and word in roles)}
    return replace(
        wanted,
        meanings={**meanings, **implied},
        layers=wanted.layers if layers is None else layers,
    )


def _meant(kind: str, word: str) -> tuple[str, ...]:
    """Return the words of the gallery that a word of someone's stands for, of one kind."""
    known = words_of(kind)
    if word in known:
        return (word,)
    phrase = " ".join(_WORD.findall(word.casefold().replace("-", " ")))
    meant = tuple(other for other in phrases().get(_known(phrase), ()) if other in known)
    if not meant:
        raise FanwiseError(
            f"one of {', '.join(known)} as --{kind}", word, did_you_mean(word, known)
        )
    return meant


@cache
def _words(table: str) -> frozenset[str]:
    """Return all words of a table."""
    return frozenset(word for words in _data()[table].values() for word in words)


def _known(phrase: str) -> str:
    """Return a phrase, or its singular where that is what has a meaning."""
    return phrase if phrase in phrases() else phrase.removesuffix("s")


@cache
def _data() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(own_text("fanwise.commands", "search_words.toml"))


def _cut_number(text: str) -> tuple[int | None, str]:
    """Take the number of layers out of a text."""
    for pattern in _LAYERS:
        if told := pattern.search(text):
            return int(told[1].replace(",", "")), _without(text, told)
    return None, text


def _without(text: str, told: re.Match[str]) -> str:
    return f"{text[: told.start()]} {text[told.end() :]}"


def _cut(words: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Cut words into the longest phrases that mean something, and words that do not."""
    place = 0
    while place < len(words):
        for length in range(min(_LONGEST, len(words) - place), 0, -1):
            phrase = " ".join(words[place : place + length])
            meant = phrases().get(_known(phrase), ())
            if meant or length == 1:
                yield phrase, meant
                place += length
                break
