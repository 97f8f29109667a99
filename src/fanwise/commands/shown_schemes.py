"""A scheme on a shape, as plain data: all that ``fanwise show`` tells."""

from __future__ import annotations

import math
from collections.abc import Mapping
from importlib import resources
from typing import Any, Final

from fanwise.adapters.own_initializers import OwnInitializer, own_initializers
from fanwise.commands.code_lines import DOOR_AXES, code_lines
from fanwise.commands.formula_texts import formula_of
from fanwise.core.dtypes import NAMES, format_of
from fanwise.core.magnitudes import largest_magnitude
from fanwise.core.sampler import check_law
from fanwise.spec.axes import PATTERNS
from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import MODES, counted_fans
from fanwise.spec.gallery_entries import gallery
from fanwise.spec.laws import (
    ConstantLaw,
    Law,
    NormalLaw,
    StructuredLaw,
    TruncatedNormalLaw,
    UniformLaw,
)
from fanwise.spec.resolved import Resolved
from fanwise.spec.scheme import Scheme

#: The layer whose weight is a scheme's plain case: what is otherwise there, is so everywhere.
_DENSE: Final = "dense"
#: The origins of deviations that are the framework's own, whatever draws them here.
_OWN_ORIGINS: Final = ("native", "own")


def shown_scheme(resolved: Resolved, axes: str, dtype: str) -> dict[str, Any]:
    """Return what a scheme comes to on a shape.

    Args:
        resolved: the scheme on the shape.
        axes: the pattern by which the shape was read, as it was given.
        dtype: of the weight.

    Raises:
        FanwiseError: for a law that cannot be drawn in that dtype.
    """
    into = format_of(dtype)
    check_law(resolved.law, into.name)
    scheme, layout, fans = resolved.scheme, resolved.layout, _fans(resolved)
    return {
        "scheme": {
            "name": scheme.name,
            "summary": scheme.entry.summary,
            "reference": scheme.entry.reference,
            "code": scheme.entry.code,
            "params": {name: scheme[name] for name in scheme.entry.parameters},
            "parameters": {name: p.summary for name, p in scheme.entry.parameters.items()},
            "counts_fans": scheme.entry.uses_fan,
            "by_default": not scheme.to_dict()["params"],
        },
        "gallery": _told(scheme),
        "shape": list(layout.shape),
        "axes": PATTERNS.get(axes, axes),
        "dtype": into.name,
        "elements": layout.size,
        "bytes": layout.size * into.storage.itemsize,
        "fans": fans,
        "gain": _gain(resolved, fans),
        "law": _law(resolved.law, scheme),
        "frameworks": _frameworks(resolved, axes, into.name),
    }


def _told(scheme: Scheme) -> dict[str, Any]:
    """Return what the gallery says of a scheme."""
    told = gallery()[scheme.family]
    return {
        "title": told.title,
        "formula": told.formula,
        "declared": formula_of(scheme.entry),
        "used_for": told.used_for,
        "when": told.when,
        "not_when": told.not_when,
        "departs": told.departs,
        "see_also": list(told.see_also),
    }


def _fans(resolved: Resolved) -> dict[str, Any] | None:
    """Return the fans of a weight, and which of them the scale counts; None where it has none."""
    scheme = resolved.scheme
    if len(resolved.shape) < 2:
        return None
    groups = dict(scheme.params).get("groups")
    counted = counted_fans(resolved.layout, groups if isinstance(groups, int) else 1)
    mode, given = scheme.fan_mode, dict(scheme.params).get("fan")
    value = None if mode is None else MODES[mode](counted) if given is None else given
    return {"fan_in": counted.fan_in, "fan_out": counted.fan_out, "mode": mode, "counted": value}


def _gain(resolved: Resolved, fans: Mapping[str, Any] | None) -> float | None:
    """Return the factor on 1 / √fan; None where the scale has none."""
    gain = dict(resolved.scheme.params).get("gain")
    if isinstance(gain, int | float):
        return float(gain)
    if fans is None or fans["counted"] is None:
        return None
    return float(f"{resolved.law.std * math.sqrt(fans['counted']):.12g}")


def _law(law: Law, scheme: Scheme) -> dict[str, Any]:
    facts: dict[str, Any] = {"mean": law.mean, "std": law.std}
    facts |= dict.fromkeys(("cut", "uncut_std", "corrected"))
    match law:
        case ConstantLaw():
            kind, low, high = "constant", law.value, law.value
        case UniformLaw():
            kind, low, high = "uniform", law.low, law.high
        case NormalLaw():
            reach = largest_magnitude(NormalLaw(0.0, law.sigma))
            kind, low, high = "normal", law.mean - reach, law.mean + reach
        case TruncatedNormalLaw():
            kind = "truncated_normal"
            low, high = (law.centre + bound * law.sigma for bound in (law.low, law.high))
            corrected = dict(scheme.params).get("corrected", True)
            facts |= {"cut": [law.low, law.high], "uncut_std": law.sigma, "corrected": corrected}
        case StructuredLaw():
            kind, high = str(law.generator), largest_magnitude(law)
            low = -high
    return {"kind": kind, **facts, "low": low, "high": high}


def _frameworks(resolved: Resolved, axes: str, dtype: str) -> dict[str, Any]:
    scheme = resolved.scheme
    shown: dict[str, Any] = {}
    for framework, line in code_lines(scheme, resolved.shape, axes, dtype).items():
        read = scheme.pattern(None, DOOR_AXES[framework])
        row = own_initializers().get(framework, {}).get(scheme.family, OwnInitializer(call=""))
        listed = _deviations(framework, scheme.family)
        whole = [deviation["reason"] for deviation in listed if _DENSE in deviation["of"]]
        shown[framework] = {
            "own": row.call or None,
            "differs": [*filter(None, [row.differs]), *whole],
            "instead": row.instead or None,
            "deviations": [row for row in listed if _is_of(row, dtype)],
            "reads": PATTERNS.get(read, read),
            "bare_std": _bare_std(resolved, read),
            "code": line,
        }
    return shown


def _bare_std(resolved: Resolved, axes: str) -> float | None:
    """Return the standard deviation on the shape as a framework reads it; None without one."""
    try:
        return resolved.scheme.law(resolved.shape, axes).std
    except FanwiseError:
        return None


def _deviations(framework: str, scheme: str) -> list[dict[str, Any]]:
    """Return what a framework's own sampler is listed for, of a scheme."""
    from fanwise.conformance.results.deviations import read_all

    file = resources.files("fanwise.adapters").joinpath(framework, "conformance", "deviations.toml")
    listed = read_all(file.read_text("utf-8")) if file.is_file() else ()
    return [
        {
            "reason": deviation.reason,
            "of": [subject for subject in deviation.subjects if subject],
            "reference": deviation.reference,
        }
        for deviation in listed
        if scheme in deviation.schemes and str(deviation.engine) in _OWN_ORIGINS
    ]


def _is_of(deviation: Mapping[str, Any], dtype: str) -> bool:
    """Whether a deviation is of some layers, or of this dtype."""
    named = [subject for subject in deviation["of"] if subject in NAMES]
    return _DENSE not in deviation["of"] and (not named or dtype in named)
