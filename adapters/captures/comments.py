"""What the text of a captured recipe says above each rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from fanwise.adapters.captures.choice import Choice
from fanwise.adapters.captures.conditions import GroupedRule
from fanwise.adapters.captures.starts import OWNED, RuleStart
from fanwise.adapters.observed_values import observed_values
from fanwise.spec.weights import Start

#: How much odder another start may be to be named.
_NEAR: Final = 2.0
_ODDEST: Final = 4.0
_MOST: Final = 2


def rule_comment(group: GroupedRule) -> str:
    """Say what a rule is about, and what else its weights may have been drawn by."""
    choices = group.choices
    count = sum(len(choice.place.samples) for choice in choices)
    shapes = dict.fromkeys(s.weight.shape for choice in choices for s in choice.place.samples)
    many = "weights" if count > 1 else "weight"
    shown = f"of {len(shapes)} shapes" if len(shapes) > 1 else f"of shape {next(iter(shapes), ())}"
    lines = [f"{count} {many} {shown}, e.g. {choices[0].place.paths[0]}"]
    reasons = dict.fromkeys(choice.reason for choice in choices if choice.reason)
    lines += [f"not resolved: {reason}" for reason in reasons]
    if any(choice.start == OWNED for choice in choices):
        lines.append(f"own: {_declared(choices)}; it starts models of the same classes alone")
    if not lines[1:] and any(choice.start.keeps for choice in choices):
        lines.append(f"the same under every seed: {_words(choices)}")
    for other in _alternatives(choices):
        start = choices[0].start
        lines.append(f"{other.words} fits as well; {_what_tells(start, other)} would tell")
    return "\n".join(lines)


def _declared(choices: Iterable[Choice]) -> str:
    """Say what the layers of places declare."""
    owned = [sample.weight.own for choice in choices for sample in choice.place.samples]
    texts = dict.fromkeys(_told(own) for own in owned if own is not None)
    shown = "; ".join(list(texts)[:_MOST])
    return shown if len(texts) <= _MOST else f"{shown}; …"


def _told(own: Start) -> str:
    """Say what a layer declares, with the law that it draws by."""
    text = "".join(letter if letter.isprintable() else " " for letter in own.text)
    law = "" if own.scheme is None else f"{own.scheme!r}"
    return ", ".join(filter(None, (text, law)))


def _words(choices: Iterable[Choice]) -> str:
    texts = [observed_values(choice.place.samples[0].some).text for choice in choices]
    return "; ".join(list(dict.fromkeys(texts))[:_MOST])


def _alternatives(choices: tuple[Choice, ...]) -> list[RuleStart]:
    """Return the starts that nothing speaks against in any of the places."""
    first, *rest = choices
    common = [other for other in first.others if all(other in choice.others for choice in rest)]
    start = first.start
    near = [
        other
        for other in common
        if other.cost < min(start.cost + _NEAR, _ODDEST)
        and not (other.keeps or start.keeps)
        and other.about != "own"
        and ("index" in start.about or "index" not in other.about)
        and other.shape == start.shape
    ]
    by_reason = {other.about: other for other in reversed(near) if other.about != start.about}
    return [other for other in near if other in by_reason.values()][:_MOST]


def _what_tells(start: RuleStart, other: RuleStart) -> str:
    """Say what would tell two starts apart that are the same in these builds."""
    about = {start.about, other.about}
    if any("depth" in text or "index" in text for text in about):
        return "a build with another number of layers"
    if start.about == other.about:
        return "a larger build"
    if about <= {"fan_in", "fan_out", "fan_avg", "fan_geo_avg"}:
        return "a build with in != out"
    return "a build of another width"
