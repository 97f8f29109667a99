"""Rules for the places of a model: few ones, as general as the starts of other places allow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from fanwise.adapters.captures.choice import Choice
from fanwise.adapters.captures.starts import RuleStart
from fanwise.spec import globs
from fanwise.spec.roles import IMPLICIT, PARAMETER
from fanwise.spec.rules import Rule
from fanwise.spec.weights import Weight

_LORA: Final = "lora_"
_NAMED: Final = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class GroupedRule:
    """A rule, and the places that it is about."""

    rule: Rule
    choices: tuple[Choice, ...] = field(default=())


def grouped_rules(choices: Sequence[Choice]) -> list[GroupedRule]:
    """Write rules that give each place its start, where the first rule that fits wins.

    Rules of single layers come first, then those of some places, then those of whole roles; those
    about what does not train are between.
    """
    first: list[GroupedRule] = []
    exceptions: list[GroupedRule] = []
    defaults: list[GroupedRule] = []
    for trains in (True, False):
        every = [choice for choice in choices if choice.place.weight.trains is trains]
        singled = [choice for choice in every if choice.is_first]
        first += merged_rules([_of_place(choice) for choice in singled])
        rest = [choice for choice in every if not choice.is_first]
        general = _defaults(rest) if trains else {}
        waiting = [c for c in rest if general.get(c.place.weight.role) != c.start]
        waiting = [c for c in waiting if not _starts_by_itself(c)]
        for start in dict.fromkeys(choice.start for choice in waiting):
            same = [choice for choice in waiting if choice.start == start]
            exceptions += _rules_of(start, same, rest)
        for role, start in general.items():
            about = tuple(c for c in rest if c.place.weight.role == role and c.start == start)
            if not all(_starts_by_itself(choice) for choice in about):
                rule = Rule(start.data, role=role, batch=start.batch, axes=start.axes)
                defaults.append(GroupedRule(rule, about))
    rules = [*first, *exceptions, *defaults]
    # A recipe has a rule, even for a model of which all starts so by itself.
    return rules or [_of_place(choice) for choice in choices]


def _starts_by_itself(choice: Choice) -> bool:
    """Tell whether a place starts so without a rule, as running statistics do."""
    weight = choice.place.weight
    return weight.trains and choice.start.scheme == IMPLICIT.get(weight.role)


def _defaults(choices: Sequence[Choice]) -> dict[str, RuleStart]:
    """Return the start that most places of each role have, if a rule about a role can give it."""
    counts: dict[str, Counter[RuleStart]] = {}
    for choice in choices:
        weight = choice.place.weight
        start = choice.start
        if weight.role and not (start.names_captures() or start.keeps or _is_lora(weight)):
            counts.setdefault(weight.role, Counter())[start] += 1
    return {role: counted.most_common(1)[0][0] for role, counted in counts.items()}


def _rules_of(
    start: RuleStart, choices: Sequence[Choice], every: Sequence[Choice]
) -> list[GroupedRule]:
    """Write the rules of the places with one start."""
    others = [choice for choice in every if choice.start != start]
    left = list(choices)
    rules: list[GroupedRule] = []
    while left:
        best: tuple[float, Rule, list[Choice]] | None = None
        for choice in left:
            for rank, rule in enumerate(_conditions(choice)):
                covered = [other for other in left if _fits(rule, other)]
                if len(covered) < 1 or any(_fits(rule, other) for other in others):
                    continue
                score = len(covered) - rank / 100
                if best is None or score > best[0]:
                    best = (score, rule, covered)
        if best is None:
            rules += [_of_place(choice) for choice in left]
            break
        _, rule, covered = best
        rules.append(GroupedRule(rule, tuple(covered)))
        left = [choice for choice in left if choice not in covered]
    return merged_rules(rules)


def _conditions(choice: Choice) -> Iterator[Rule]:
    """Give rules about a place, the general ones first."""
    place, start = choice.place, choice.start
    weight = place.weight
    alike = Rule(start.data, batch=start.batch, axes=start.axes, frozen=not weight.trains)
    if not weight.trains:
        yield alike
    if start.names_captures():
        yield from (replace(alike, match=match) for match in _shortened(place.capturing))
        return
    if weight.role and not _is_lora(weight):
        if not weight.trains:
            yield replace(alike, role=weight.role)
        if weight.kind and weight.kind != PARAMETER:
            yield replace(alike, role=weight.role, layer=weight.kind.partition("/")[0])
            yield replace(alike, role=weight.role, layer=weight.kind)
    elif "/" in weight.kind and not _is_lora(weight):
        yield replace(alike, layer=weight.kind)
    segments = place.pattern.split("/")
    # A number names no weight by itself, and a half of a LoRA is named as that.
    word = re.compile(_LORA) if _is_lora(weight) else _NAMED
    named = next((n for n, text in enumerate(reversed(segments), 1) if word.search(text)), 1)
    for length in range(named, len(segments) + 1):
        yield replace(alike, match="/".join(["**", *segments[-length:]]))
    yield replace(alike, match=place.pattern)
    simple = weight.class_name.rpartition(".")[2]
    if simple and globs.is_pattern(simple) and not globs.captures_in(simple):
        yield replace(alike, match=f"**/{segments[-1]}", class_name=simple)
        yield replace(alike, match=place.pattern, class_name=simple)
    if weight.role:
        yield replace(alike, match=place.pattern, role=weight.role)
        yield replace(alike, match=place.pattern, role=weight.role, layer=weight.kind)


def _of_place(choice: Choice) -> GroupedRule:
    """Return the rule about one place alone."""
    start, weight = choice.start, choice.place.weight
    match = choice.place.capturing if start.names_captures() else choice.place.pattern
    rule = start.rule(match, frozen=not weight.trains)
    return GroupedRule(rule, (choice,))


def _fits(rule: Rule, choice: Choice) -> bool:
    """Tell whether a rule is about any weight of a place, whether its layer declares or not."""
    place = choice.place
    return rule.is_about(place.weight) and any(map(rule.fits_path, place.paths))


def _shortened(pattern: str) -> list[str]:
    """Return a pattern, and before it one that does not name what is above its first capture."""
    segments = pattern.split("/")
    place = next((n for n, segment in enumerate(segments) if "<" in segment), 0)
    if place < 1 or "**" in segments:
        return [pattern]
    return ["/".join(["**", *segments[place - 1 :]]), pattern]


def _is_lora(weight: Weight) -> bool:
    return _LORA in weight.path


def merged_rules(rules: Sequence[GroupedRule]) -> list[GroupedRule]:
    """Write patterns that differ in one segment as one, with braces.

    Args:
        rules: of which none is about what another one is about.
    """
    merged: list[GroupedRule] = []
    for grouped in rules:
        for place, other in enumerate(merged):
            pattern = _common(other.rule, grouped.rule)
            if pattern is not None:
                rule = replace(other.rule, match=pattern)
                merged[place] = GroupedRule(rule, (*other.choices, *grouped.choices))
                break
        else:
            merged.append(grouped)
    return merged


def _common(rule: Rule, other: Rule) -> str | None:
    """Return the pattern of what two rules are about that differ in one segment alone."""
    if rule.match is None or other.match is None or replace(rule, match=other.match) != other:
        return None
    ours, theirs = rule.match.split("/"), other.match.split("/")
    if len(ours) != len(theirs):
        return None
    differing = [n for n, (a, b) in enumerate(zip(ours, theirs, strict=True)) if a != b]
    if len(differing) != 1:
        return None
    (place,) = differing
    texts = [*_texts(ours[place]), *_texts(theirs[place])]
    if any(set(text) & set("<>{},*?") or text == "**" for text in texts):
        return None
    ours[place] = f"{{{','.join(dict.fromkeys(texts))}}}"
    pattern = "/".join(ours)
    return pattern if globs.is_pattern(pattern) else None


def _texts(segment: str) -> list[str]:
    """List the texts of a segment that :func:`_common` wrote."""
    is_list = segment.startswith("{") and segment.endswith("}")
    return segment[1:-1].split(",") if is_list else [segment]
