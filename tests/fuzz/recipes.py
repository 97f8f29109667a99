"""Recipes of every kind: those that come with the package, tables, texts, and what is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import fanwise
from fuzz import arguments
from fuzz.calls import Chooser

_PATTERNS: Final = (
    "**", "**", "**", "*", "**/kernel", "**/kernel", "0/*", "{0,2}/kernel", "a", "", "/", "[a]",
    "**/**/x", "{a", "a}", "{a,{b}}", "*" * 30,
    "**/" * 20 + "x", "{a,a}" * 12, "*a" * 12, "?", "\\", "<i>", "\ud800",
)  # fmt: skip
_ROLES: Final = (
    "kernel", "kernel", "kernel", "bias", "bias", "recurrent_kernel", "embedding", "scale",
    "offset",
    "mean", "variance", "kernal", 3,
)  # fmt: skip
_EXPRESSIONS: Final = (
    "0.02", "1/fan_in", "fan_in ** 0.5", "1/0", "2 ** 2 ** 2 ** 99", "__import__('os')", "x",
    "depth", "sqrt(2)",
    "(" * 200 + "1" + ")" * 200, "1e400", "-1", "", "a.b", "9" * 5000, "fan_in // 0", "0 ** -1",
    "nan", "lambda: 1",
)  # fmt: skip

_NO_RECIPES: Final = (
    "he_normal", "torch_defualt", "", "no such file.toml", Path("no such.toml"), "/", "a\nb",
    "fanwise = 1", "fanwise = 2", "\ud800", "x" * 9999, Path("/"),
)  # fmt: skip


def recipe(chooser: Chooser) -> Any:
    """Return a recipe in any of the forms that one is given in."""
    draw = chooser.random()
    if draw < 0.25:
        return chooser.choice(fanwise.recipes())
    if draw < 0.6:
        return sound(chooser)
    if draw < 0.64:
        return chooser.choice(_NO_RECIPES)
    if draw < 0.67:
        return chooser.junk()
    return table(chooser)


def sound(chooser: Chooser) -> dict[str, Any]:
    """Return a recipe that fits every model: each weight has a rule, and no rule is needed."""
    biases = {"name": "biases", "role": "bias", "init": "zeros"}
    init = chooser.choice(("normal", "uniform", {"scheme": "normal", "std": "1 / width"}, "ones"))
    rules = [biases, {"name": "others", "match": "**", "init": init}]
    allow = {"unused": ["biases", "others"]}
    return {"fanwise": 1, "vars": {"width": 4}, "rule": rules, "allow": allow}


def table(chooser: Chooser) -> dict[str, Any]:
    """Return a recipe as a table: often a right one."""
    rules = [_rule(chooser) for _ in range(chooser.choice((0, 0, 1, 1, 2)))]
    if chooser.chance(0.85):
        rules.append(
            {
                "match": "**",
                "init": chooser.choice(("zeros", "normal", {"scheme": "normal", "std": 0.02})),
            }
        )
    made: dict[str, Any] = {
        "fanwise": chooser.choice((*(1,) * 40, 2, "1", 1.0, True, None)),
        "rule": rules,
    }
    if chooser.chance(0.1):
        made["vars"] = {
            chooser.choice(("depth", "x", "fan_in", "", "a b")): chooser.choice(
                (*_EXPRESSIONS, 3, 0.5, None, [])
            )
        }
    if chooser.chance(0.5):
        made["allow"] = {"unmatched": ["**"], "unused": ["a"]}
    if chooser.chance(0.1):
        made["allow"] = chooser.choice((
            {"unmatched": ["**"]}, {"unmatched": "**"}, {"unused": ["a"]}, {"unused": 3}, {}, [],
            {"other": 1}, {"unmatched": [3]},
        ))  # fmt: skip
    if chooser.chance(0.1):
        made["names"] = chooser.choice(
            (
                {"torch": {"0.weight": "a/kernel"}},
                {"pytorch": {}},
                {"torch": 3},
                [],
                {"torch": {"**": "x"}},
            )
        )
    if chooser.chance(0.02):
        made[chooser.choice(("extra", "rules", 3, ""))] = chooser.junk()
    return made


def _rule(chooser: Chooser) -> Any:
    if chooser.chance(0.03):
        return chooser.junk()
    rule: dict[Any, Any] = {"init": _init(chooser)}
    if chooser.chance(0.6):
        rule["match"] = chooser.choice(_PATTERNS)
    if "match" not in rule or chooser.chance(0.2):
        rule["role"] = chooser.choice(_ROLES)
    if chooser.chance(0.2):
        rule["layer"] = chooser.choice(("dense", "lstm", "lstm/joint", "conv2d", "", 3))
    if chooser.chance(0.5):
        rule["name"] = chooser.choice(("a", "a", "a", "", 3, "a\nb"))
    if chooser.chance(0.1):
        rule["batch"] = chooser.choice(("in", "out", "", 3))
    if chooser.chance(0.03):
        rule[chooser.choice(("extra", 3, "frozen"))] = chooser.junk()
    return rule


def _init(chooser: Chooser) -> Any:
    if chooser.chance(0.06):
        return chooser.junk()
    name = chooser.choice((*fanwise.schemes(), "he_norml", "keep", "own"))
    if chooser.chance(0.4) or name not in fanwise.schemes():
        return name
    params = arguments.parameters(chooser, name)
    for key in params:
        if chooser.chance(0.3):
            params[key] = chooser.choice(_EXPRESSIONS)
    return {"scheme": name, **params}
