"""The kept results of the zoo are those that the registry and known.toml speak of."""

import json
from pathlib import Path

import pytest

from zoo.known import surprises
from zoo.registry import LIBRARIES

RESULTS = [
    json.loads(file.read_text("utf-8"))
    for file in sorted((Path(__file__).parent / "results").glob("*.json"))
]


def test_what_is_not_right_is_listed_and_nothing_else():
    assert surprises(RESULTS, whole=True) == []


def test_every_library_has_results():
    names = {
        f"{library.module}-{backend}" if backend else library.module
        for library in LIBRARIES
        for backend in library.backends or ("",)
    }
    assert {result["name"] for result in RESULTS} == names


def test_nothing_is_silently_wrong():
    verdicts = [verdict for result in RESULTS for verdict in result["verdicts"]]
    assert len(verdicts) >= 300
    assert [verdict for verdict in verdicts if verdict["outcome"] == "wrong"] == []
    right = sum(verdict["outcome"] == "right" for verdict in verdicts)
    assert right >= 0.95 * len(verdicts)


@pytest.mark.parametrize(
    ("outcome", "said"), [("error", "is not right"), ("wrong", "is not right"), ("right", None)]
)
def test_a_surprise_is_told(outcome, said):
    verdict = {"model": "of no list", "outcome": outcome, "reason": "planted"}
    faults = surprises([{"name": "planted", "verdicts": [verdict]}], whole=True)
    assert bool(faults) == bool(said)
    assert all(said in fault for fault in faults)
