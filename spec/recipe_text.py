"""Recipes as text: their rules and tables in TOML."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

#: The last character that four digits can name.
_NARROW: Final = 0xFFFF
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def recipe_toml(data: Mapping[str, Any], comments: Sequence[str] = ()) -> str:
    """Write the data of a recipe in TOML.

    Args:
        data: of the form of a recipe. Parameters that are None are left out, as TOML has none.
        comments: what stands above each rule, maybe in several lines, or nothing; none for no
            rule.

    Examples:
        >>> print(recipe_toml({"fanwise": 1, "rule": [{"role": "bias", "init": "zeros"}]}), end="")
        fanwise = 1
        <BLANKLINE>
        [[rule]]
        role = "bias"
        init = "zeros"
    """
    top = {key: value for key, value in data.items() if not isinstance(value, Mapping)}
    rules = top.pop("rule", ())
    blocks = [_lines(top)]
    blocks += [_table("vars", data["vars"])] if data.get("vars") else []
    for number, rule in enumerate(rules):
        comment = comments[number] if comments else ""
        blocks.append(f"{_comment(comment)}{rule_toml(rule)}")
    blocks += [_table("allow", data["allow"])] if data.get("allow") else []
    for framework, names in data.get("names", {}).items():
        blocks += [_table(f"names.{_key(framework)}", names)]
    return "\n".join(blocks)


def rule_toml(rule: Mapping[str, Any]) -> str:
    """Write a rule in TOML.

    Examples:
        >>> print(rule_toml({"match": "**/up", "init": {"scheme": "normal", "std": 0.02}}), end="")
        [[rule]]
        match = "**/up"
        init = { scheme = "normal", std = 0.02 }
    """
    return f"[[rule]]\n{_lines(rule)}"


def _comment(text: str) -> str:
    """Write a text in lines of comments, out of which no letter of it breaks."""
    lines = text.split("\n") if text else ()
    return "".join(f"# {_printable(line, '?', '?')}\n" for line in lines)


def _printable(text: str, narrow: str, wide: str) -> str:
    """Write what cannot be printed by its number: up to four digits of it, or more."""
    return "".join(
        letter
        if letter.isprintable()
        else (narrow if ord(letter) <= _NARROW else wide).format(ord(letter))
        for letter in text
    )


def _table(name: str, values: Mapping[str, Any]) -> str:
    return f"[{name}]\n{_lines(values)}"


def _lines(values: Mapping[str, Any]) -> str:
    pairs = [(key, value) for key, value in values.items() if value is not None]
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in pairs)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = [(key, item) for key, item in value.items() if item is not None]
        return f"{{ {', '.join(f'{_key(key)} = {_value(item)}' for key, item in pairs)} }}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str):
        # TOML's texts are those of JSON, but for what JSON leaves that no terminal should see.
        return _printable(json.dumps(value, ensure_ascii=False), "\\u{:04x}", "\\U{:08x}")
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int) else repr(float(value))
