"""All checks of the suite, found in the modules of this folder."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from fanwise.conformance import checks as package
from fanwise.conformance.checks.check import Check
from fanwise.conformance.checks.faults import Fault
from fanwise.conformance.results.claims import Claim, Group
from fanwise.conformance.statistics.calibration import CalibratedTest


@cache
def checks() -> tuple[Check, ...]:
    """Return every check: in the order of the groups of its claims, then of the modules' names."""
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    modules = [import_module(f"{package.__name__}.{name}") for name in names]
    defined = [vars(module)["CHECK"] for module in modules if "CHECK" in vars(module)]
    return tuple(sorted(defined, key=_place))


@cache
def claims() -> Mapping[str, Claim]:
    """Return every claim by its name, in the order of the groups.

    Raises:
        ValueError: where two claims have one name.
    """
    groups = list(Group)
    listed = [claim for check in checks() for claim in check.claims]
    listed.sort(key=lambda claim: groups.index(claim.group))
    by_name = {claim.name: claim for claim in listed}
    if len(by_name) != len(listed):
        raise ValueError(f"one claim of each name, not {[claim.name for claim in listed]}")
    return MappingProxyType(by_name)


def faults() -> tuple[Fault, ...]:
    """Return every fault that a claim must catch."""
    return tuple(fault for check in checks() for fault in check.faults)


def calibration() -> Mapping[str, CalibratedTest]:
    """Return the tests whose false alarms can be counted, by the names of their claims."""
    return {
        claim.name: test for check in checks() for claim, test in check.calibration.items()
    }  # fmt: skip


def _place(check: Check) -> int:
    """Place a check by the first group that it has a claim of; last, if it has none."""
    groups = list(Group)
    return min((groups.index(claim.group) for claim in check.claims), default=len(groups))
