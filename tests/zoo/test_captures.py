"""The kept captures of the zoo are those that captures.toml speaks of, and most are proved."""

import json
from pathlib import Path

from zoo.captured import OUTCOMES
from zoo.known import known, surprises

RESULTS = [
    json.loads(file.read_text("utf-8"))
    for file in sorted((Path(__file__).parent / "capture_results").glob("*.json"))
]
VERDICTS = [verdict for result in RESULTS for verdict in result["verdicts"]]


def test_what_is_not_proved_is_listed_and_nothing_else():
    assert surprises(RESULTS, "captures.toml", right="proved", whole=True) == []


def test_models_of_three_frameworks_are_captured():
    assert len(VERDICTS) >= 40
    frameworks = {result["framework"].partition(" ")[0] for result in RESULTS}
    assert frameworks == {"torch", "keras", "jax"}
    assert {verdict["outcome"] for verdict in VERDICTS} <= set(OUTCOMES)


def test_nearly_all_weights_are_resolved():
    weights = sum(verdict["weights"] for verdict in VERDICTS)
    assert sum(verdict["resolved"] for verdict in VERDICTS) >= 0.97 * weights


def test_nearly_all_recipes_are_proved_and_agree_with_those_that_cite_their_models():
    refuted = [verdict for verdict in VERDICTS if verdict["outcome"] == "refuted"]
    assert len(refuted) <= 0.01 * len(VERDICTS)
    cited = [verdict for verdict in VERDICTS if verdict["cited"]]
    assert len(cited) >= 20
    listed = {model for _, model in known("captures.toml")}
    assert all(
        v["agreeing"] + v["deviating"] == v["compared"] for v in cited if v["model"] not in listed
    )


def test_a_surprise_is_told():
    verdict = {"model": "of no list", "outcome": "open", "reason": "planted"}
    results = [{"name": "planted", "verdicts": [verdict]}]
    (fault,) = surprises(results, "captures.toml", right="proved", whole=False)
    assert "is not right" in fault
