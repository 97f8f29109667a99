"""The automaton of a pattern: it reads a path once, however many stars the pattern has.

A backtracking matcher takes exponential time on some patterns. Here all places of the pattern
that a path can have come to are followed together, and what was found out once is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

#: Stands for every letter but a slash.
ANY: Final = ""
#: Stands for every digit.
DIGIT: Final = "0123456789"
#: How many moves are kept; beyond that they are forgotten, as the memory is worth more.
_KEPT: Final = 4096


@dataclass(frozen=True, slots=True)
class Node:
    """One place of a pattern.

    Attributes:
        letter: what is read here; :data:`ANY`, :data:`DIGIT`, or None where nothing is read.
        followers: the places that come next, those preferred first.
        group: the number of the star or capture whose text is read here, if it is one's.
    """

    letter: str | None
    followers: tuple[int, ...]
    group: int | None = None


@dataclass(slots=True)
class Places:
    """All places that a path can have come to, and where each letter leads from there."""

    nodes: frozenset[int]
    accepts: bool
    moves: dict[str, Places] = field(default_factory=dict)


class Automaton:
    """Reads paths, letter by letter.

    Args:
        nodes: the places; node 0 is the end, at which a path fits.
        start: the first place.
        groups: the number of stars and captures.
    """

    def __init__(self, nodes: tuple[Node, ...], start: int, groups: int) -> None:
        self._nodes = nodes
        self._first = start
        self._groups = groups
        self._known: dict[frozenset[int], Places] = {}
        self._moves_kept = 0
        self._start = self._places([start])

    def fits(self, text: str) -> bool:
        """Return whether the whole text can be read."""
        places = self._start
        for letter in text:
            following = places.moves.get(letter)
            places = self._moved(places, letter) if following is None else following
            if not places.nodes:
                return False
        return places.accepts

    def groups(self, text: str) -> tuple[str, ...]:
        """Return what each star and capture reads of a text that fits.

        The earlier ones read as much as they can.
        """
        # Depth first, the preferred places first; what has failed once is not tried again.
        way: list[tuple[int, int, int]] = []
        open_places: list[tuple[int, int, int]] = [(self._first, 0, 0)]
        tried: set[tuple[int, int]] = set()
        while open_places:
            number, at, depth = open_places.pop()
            if (number, at) in tried:
                continue
            tried.add((number, at))
            del way[depth:]
            way.append((number, at, depth))
            node = self._nodes[number]
            if number == 0 and at == len(text):
                break
            if node.letter is not None:
                if at == len(text) or not _reads(node.letter, text[at]):
                    continue
                at += 1
            open_places += [(place, at, depth + 1) for place in reversed(node.followers)]
        read = [""] * self._groups
        for number, at, _ in way:
            group = self._nodes[number].group
            if group is not None:
                read[group] += text[at]
        return tuple(read)

    def _places(self, numbers: list[int]) -> Places:
        """Gather the places that read a letter, from some and what they lead to."""
        reached: set[int] = set()
        waiting = list(numbers)
        while waiting:
            number = waiting.pop()
            if number not in reached:
                reached.add(number)
                if self._nodes[number].letter is None:
                    waiting += self._nodes[number].followers
        nodes = frozenset(n for n in reached if n == 0 or self._nodes[n].letter is not None)
        return self._known.setdefault(nodes, Places(nodes, 0 in nodes))

    def _moved(self, places: Places, letter: str) -> Places:
        if self._moves_kept >= _KEPT:
            self._moves_kept = 0
            self._known.clear()
            self._start.moves.clear()
            places = Places(places.nodes, places.accepts)
        self._moves_kept += 1
        followers = [
            follower
            for number in places.nodes
            if _reads(self._nodes[number].letter, letter)
            for follower in self._nodes[number].followers
        ]
        places.moves[letter] = following = self._places(followers)
        return following


def _reads(wanted: str | None, letter: str) -> bool:
    if wanted == ANY:
        return letter != "/"
    return letter in DIGIT if wanted == DIGIT else letter == wanted
