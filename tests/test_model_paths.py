"""A model as a recipe sees it: the table that people read, and its data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fanwise.adapters.model_paths import ModelPaths, path_row
from fanwise.spec.registry import scheme
from fanwise.spec.weights import Start, Weight

_KERNEL = Weight(
    "encoder/0/dense/kernel",
    (4, 3),
    "torch",
    "kernel",
    "dense",
    class_name="torch.nn.modules.linear.Linear",
    own=Start(scheme("torch_default"), text="Linear.reset_parameters"),
)
_GAIN = Weight(
    "encoder/0/norm/weight",
    (3,),
    "out",
    "scale",
    "norm",
    class_name="library.norms.ReallyQuiteLongNamedRMSNorm",
    guess="a gain by its class ReallyQuiteLongNamedRMSNorm",
)
_EXPERTS = Weight(
    "encoder/0/experts/up",
    (8, 4, 4),
    "torch",
    "",
    "parameter",
    readings=("batch in out", "out in *"),
)


def test_a_row_has_all_that_a_rule_asks_for() -> None:
    row = ModelPaths((path_row(_KERNEL, ("encoder.0.dense.weight",)),)).to_dict()["rows"][0]
    assert row == {
        "path": "encoder/0/dense/kernel",
        "role": "kernel",
        "kind": "dense",
        "class_name": "torch.nn.modules.linear.Linear",
        "shape": (4, 3),
        "axes": "out in",
        "trains": True,
        "guess": "",
        "readings": (),
        "own": "scheme('torch_default')",
        "names": ("encoder.0.dense.weight",),
        "ties": (),
    }


def test_what_is_declared_and_is_no_scheme_is_named() -> None:
    odd = replace(_KERNEL, own=Start(None, text="Zeros.reset_parameters"))
    assert path_row(odd).own == "Zeros.reset_parameters (no scheme)"
    assert path_row(_GAIN).own == ""


def test_the_table_shows_simple_names_of_classes_guesses_and_doubts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    lines = str(ModelPaths(tuple(map(path_row, (_KERNEL, _GAIN, _EXPERTS))))).splitlines()
    assert lines[0].split() == ["path", "role", "kind", "class", "shape", "axes"]
    assert lines[2].split() == [
        *("encoder/0/dense/kernel", "kernel", "dense", "Linear"),
        *("(4,", "3)", "out", "in"),
    ]
    assert "scale?" in lines[3]
    assert "-??" in lines[4]
    assert lines[5:] == [
        "guessed (?): a gain by its class ReallyQuiteLongNamedRMSNorm; 1 weight",
        "two readings (??): batch in out or out in *; 1 weight",
    ]


def test_what_does_not_train_has_a_column_where_there_is_any(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    frozen = Weight("head/kernel", (4, 3), "torch", "kernel", "dense", trains=False)
    lines = str(ModelPaths((path_row(_KERNEL), path_row(frozen)))).splitlines()
    assert lines[0].split()[-1] == "trains"
    assert [line.split()[-1] for line in lines[2:]] == ["yes", "no"]


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_no_row_is_wider_than_the_terminal_and_every_path_is_whole(
    monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    weights = (_KERNEL, _GAIN, _EXPERTS)
    lines = str(ModelPaths(tuple(map(path_row, weights)))).splitlines()
    rows = [line for line in lines if not line.startswith(("guessed", "two readings"))]
    assert max(map(len, rows)) <= columns
    assert all(row.rstrip() for row in rows)
    assert [row.split()[0] for row in rows if row.startswith("encoder")] == [
        weight.path for weight in weights
    ]


def test_a_path_longer_than_the_terminal_is_whole_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    path = "/".join(["transformer/h/0"] * 4)
    assert path in str(ModelPaths((path_row(replace(_KERNEL, path=path)),))).splitlines()
