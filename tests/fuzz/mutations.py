"""Documents that have been changed: plain data by its structure, and text by its bytes.

Everything is drawn from a ``random.Random``, so a seed tells a document.
"""

from __future__ import annotations

import copy
import json
import math
import tomllib
from collections.abc import Callable, Iterator
from importlib import resources
from random import Random
from typing import Any, Final

import fanwise.spec
from fanwise.conformance.checks.false_alarms import FALSE_ALARMS
from fanwise.conformance.checks.golden_tensors import BITS, GOLDEN
from fanwise.conformance.checks.laws import VARIANCE
from fanwise.conformance.checks.layers import LAYERS
from fanwise.conformance.results.runs import FORMAT

#: What an entry becomes: values of every type, and those that a reader may stumble over.
ODD_VALUES: Final = (
    None, True, False, 0, 1, -1, 2, 3, 2**31, 2**63, 10**400, 0.0, -0.0, 0.5, -1.5, 1e308, 1e-308,
    math.inf, -math.inf, math.nan, "", " ", "a", "1", "**", "*", "{", "a//b", "{a,b}", "kernel",
    "zeros", "he_normal", "HeNormal", "portable", "native", "fail", "pass", "sqrt(", "1 / 0",
    "9**9**9", "layers", "__import__('os')", "fan_in", "-" * 150 + "1", "(" * 10_000,
    "**/" * 8 + "x", "*a" * 8, "{a,a}" * 30, "*a" * 10_000, "\0", "a\0b", "\x1b[2J", "[red]",
    "[/]", "\ud800", "\u202e", "a\nb", "é" * 50, "x" * 10_000, [], [[]], ["a"], [1], [None], {},
    {"a": 1}, {"scheme": "normal"}, [{}], (), b"bytes",
)  # fmt: skip
#: What is put between bytes, or in their place.
ODD_BYTES: Final = (
    b"", b"\0", b"\xff", b"\xef\xbb\xbf", b"[", b"]", b"{", b"}", b'"', b"'", b"=", b"\n", b"#",
    b",", b"\\", b"\\u0000", b"\x1b[2J", b"1e999", b"nan", b"NaN", b"-", b"[" * 3000, b"{x=" * 3000,
    b'{"x":' * 3000, b"9" * 5000, b"[[rule]]\n", b"true", b"null",
)  # fmt: skip

RECIPE: Final = """
fanwise = 1
summary = "A recipe."
reference = "Nobody."

[vars]
layers = 12
deep = "0.02 / sqrt(2 * layers)"

[[rule]]
name = "residual"
match = "**/{out,down}/kernel"
init = { scheme = "normal", std = "deep" }

[[rule]]
role = "kernel"
layer = "dense"
init = "he_normal"

[[rule]]
name = "gates"
role = "recurrent_kernel"
init = { scheme = "orthogonal", gain = 2 }
batch = "out"

[[rule]]
role = "bias"
init = { scheme = "kaiming_uniform", mode = "fan_out", nonlinearity = "relu" }

[[rule]]
name = "blocks"
match = "blocks/<i>/**"
class = "*Linear"
init = { scheme = "normal", std = "0.02 / (i + i_count)" }

[[rule]]
match = "qkv/kernel"
axes = "(query=2 key=1 value=1 out) in"
init = "glorot_uniform"

[[rule]]
name = "declared"
layer = "conv"
framework = "torch"
init = "own"

[[rule]]
frozen = true
init = "keep"

[allow]
unmatched = ["norm/**"]
unused = ["gates", "residual", "declared", "blocks", "model/h/*"]

[names.torch]
"model/h/<i>" = "blocks/<i + 1>"
"model/h/*" = "blocks/*"
"""
DEVIATIONS: Final = """
[[deviation]]
adapter = "keras-*"
claims = ["variance", "mean"]
schemes = ["he_uniform"]
reason = "scale 2 % too large"
reference = "https://example.org/1"
versions = ["keras>=3.0", "tensorflow<2.99"]

[[deviation]]
adapter = "*"
claims = ["distribution"]
schemes = ["uniform"]
subjects = ["bfloat16", "float16"]
engine = "own"
reason = "there are 256 values"
reference = "https://example.org/2"
versions = []
"""


def recipes(seed: int, count: int) -> Iterator[Any]:
    """Yield recipes that have been changed: dicts, TOML text, and what stands in files."""
    rng, data = Random(seed), tomllib.loads(RECIPE)
    for _ in range(count):
        form = rng.random()
        if form < 0.6:
            yield changed(data, rng)
        elif form < 0.75:
            yield toml_text(changed(data, rng))
        else:
            yield cut_up(RECIPE.encode(), rng)


def deviations(seed: int, count: int) -> Iterator[str]:
    """Yield texts of a deviations.toml that have been changed."""
    rng, data = Random(seed), tomllib.loads(DEVIATIONS)
    for _ in range(count):
        if rng.random() < 0.7:
            yield toml_text(changed(data, rng))
        else:
            yield cut_up(DEVIATIONS.encode(), rng).decode("utf-8", "replace")


def scheme_dicts(seed: int, count: int) -> Iterator[Any]:
    """Yield schemes as plain data that have been changed."""
    rng = Random(seed)
    sound = [
        fanwise.spec.scheme("truncated_normal", std=0.5, low=-1.0).named("narrow").to_dict(),
        fanwise.spec.scheme("kaiming_uniform", mode="fan_out", a=0.5).to_dict(),
    ]
    for _ in range(count):
        yield changed(rng.choice(sound), rng)


def catalogues(seed: int, count: int) -> Iterator[Any]:
    """Yield the data of catalogues that have been changed."""
    rng = Random(seed)
    text = resources.files("fanwise.spec").joinpath("schemes.toml").read_text("utf-8")
    data = tomllib.loads(text)
    kept = ("variance_scaling", "kaiming_normal", "truncated_normal", "sparse", "xavier_normal")
    data["schemes"] = {name: data["schemes"][name] for name in kept}
    for _ in range(count):
        yield changed(data, rng)


def results(seed: int, count: int) -> Iterator[bytes]:
    """Yield what stands in files of results that have been changed."""
    rng, data = Random(seed), results_data()
    text = json.dumps(data).encode()
    for _ in range(count):
        if rng.random() < 0.7:
            yield json_text(changed(data, rng))
        else:
            yield cut_up(text, rng)


def results_data() -> dict[str, Any]:
    """Return sound results, as small as a verdict allows: two adapters, and the suite."""
    return {"format": FORMAT, "runs": [_run("first"), _run("second"), _suite()]}


def _run(adapter: str) -> dict[str, Any]:
    claims = [
        ("portable", GOLDEN.name, "float32 3×4 in out eager"),
        ("portable", BITS.name, "3×4"),
        ("portable", LAYERS.name, "dense"),
        ("portable", VARIANCE.name, "3×4"),
        ("native", VARIANCE.name, "3×4"),
    ]
    scheme = fanwise.spec.scheme("he_uniform")
    return {
        **_empty(adapter),
        "rows": [_row(adapter, *claim) for claim in claims],
        "digests": {f"{scheme} 3×4": "0" * 64},
        "histograms": [
            {
                "scheme": str(scheme),
                "subject": "3×4",
                "counts": [300, 300],
                "kernel": [3, 4],
                "source": scheme.to_dict(),
            }
        ],
        "functions": [{"model": "mlp", "weights": {"a/kernel": "1" * 64}, "outputs": [1.0, 2.0]}],
    }


def _suite() -> dict[str, Any]:
    return {**_empty("suite"), "rows": [_row("suite", "mutant", FALSE_ALARMS.name, "")]}


def _empty(adapter: str) -> dict[str, Any]:
    return {
        "adapter": adapter,
        "versions": {"numpy": "2.0"},
        "devices": ["cpu"],
        "rows": [],
        "digests": {},
        "histograms": [],
        "functions": [],
        "seconds": 1.5,
        "entry": "",
        "environment": {"A": "b"},
        "fanwise": "0.1.0",
        "spec": "1.0",
    }


def _row(adapter: str, engine: str, claim: str, subject: str) -> dict[str, Any]:
    return {
        "adapter": adapter,
        "engine": engine,
        "claim": claim,
        "scheme": "scheme('he_uniform')",
        "subject": subject,
        "outcome": "pass",
        "observed": "1",
        "expected": "1",
        "bound": "equal",
        "n": 12,
        "alpha": 0.0,
        "note": "",
        "seed": 3,
        "step": "laws",
    }


def changed(data: Any, rng: Random) -> Any:
    """Return plain data with one entry changed, or a few."""
    document = [copy.deepcopy(data)]
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        places = list(_places(document))
        if not places:
            break
        parent, key = rng.choice(places)
        rng.choice(_CHANGES)(parent, key, places, rng)
    return document[0] if document else None


def cut_up(text: bytes, rng: Random) -> bytes:
    """Return text with some bytes changed, left out, put in, repeated or cut off."""
    for _ in range(rng.choice((1, 1, 2, 5))):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.choice((0, 1, 1, 4, 40)))
        action = rng.random()
        if action < 0.25:
            text = text[:start] + bytes([rng.randrange(256)]) + text[start + 1 :]
        elif action < 0.4:
            text = text[:start] + text[end:]
        elif action < 0.75:
            text = text[:start] + rng.choice(ODD_BYTES) + text[end:]
        elif action < 0.9:
            text = text[:start] + text[start:end] * rng.choice((2, 3)) + text[end:]
        else:
            text = text[:start]
    return text


def toml_text(data: Any) -> str:
    """Write plain data as TOML; what TOML has no words for is left out."""
    if not isinstance(data, dict):
        return f"x = {_toml(data)}\n"
    return "".join(f"{_toml(str(key))} = {_toml(value)}\n" for key, value in data.items())


def json_text(data: Any) -> bytes:
    """Write plain data as JSON; what JSON has no words for is written as its repr."""
    text = json.dumps(data, default=repr, ensure_ascii=False, skipkeys=True)
    return text.encode("utf-8", "surrogatepass")


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        pairs = (f"{_toml(str(key))} = {_toml(item)}" for key, item in value.items())
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    return json.dumps(value if isinstance(value, str) else repr(value), ensure_ascii=False)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every entry of plain data: what holds it, and under which key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in list(pairs):
        yield value, key
        if isinstance(item, dict | list):
            yield from _places(item)


def _replace(parent: Any, key: Any, _places: list[Any], rng: Random) -> None:
    parent[key] = copy.deepcopy(rng.choice(ODD_VALUES))


def _drop(parent: Any, key: Any, _places: list[Any], _rng: Random) -> None:
    parent.pop(key)


def _exchange(parent: Any, key: Any, places: list[Any], rng: Random) -> None:
    other, name = rng.choice(places)
    parent[key] = copy.deepcopy(other[name])


def _duplicate(parent: Any, key: Any, _places: list[Any], rng: Random) -> None:
    if isinstance(parent, list):
        parent.insert(key, copy.deepcopy(parent[key]))
    else:
        parent[rng.choice((f"{key}s", str(key).upper(), 3, None, ""))] = copy.deepcopy(parent[key])


def _wrap(parent: Any, key: Any, _places: list[Any], rng: Random) -> None:
    for _ in range(rng.choice((1, 1, 3, 100))):
        parent[key] = [parent[key]] if rng.random() < 0.5 else {"x": parent[key]}


def _bend(parent: Any, key: Any, _places: list[Any], rng: Random) -> None:
    """Change a little: a letter of a text, a digit of a number."""
    value = parent[key]
    if isinstance(value, str) and value:
        place = rng.randrange(len(value))
        letter = rng.choice(("", "*", "/", "{", "}", ",", "\0", "A", "_", "\u0301", "(", "^"))
        parent[key] = value[:place] + letter + value[place + rng.randrange(2) :]
    elif isinstance(value, int | float):
        halved = value / 2 if abs(value) < 1e9 else 0
        parent[key] = rng.choice((-value, value + 1, halved, value * 10**30, str(value)))
    else:
        _replace(parent, key, _places, rng)


_CHANGES: Final[tuple[Callable[[Any, Any, list[Any], Random], None], ...]] = (
    _replace, _replace, _drop, _exchange, _duplicate, _wrap, _bend, _bend,
)  # fmt: skip
