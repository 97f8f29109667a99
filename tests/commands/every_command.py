"""Each command of the app, with a right call of it that takes little time."""

from dataclasses import dataclass, field

import numpy as np
from typer.main import get_command

from fanwise.__main__ import app
from fanwise.adapters.discovery import load
from fanwise.conformance.results.runs import write_runs
from fanwise.conformance.run import check_suite, run

GROUP = get_command(app)
COMMANDS = GROUP.commands


@dataclass(frozen=True, kw_only=True)
class Call:
    """A right call of a command.

    Attributes:
        arguments: in a folder that :func:`prepare` has filled.
        json: what makes it print JSON, if anything does.
        code: how the lines begin that are copied, and so never broken.
        ends: with which status.
    """

    arguments: tuple[str, ...]
    json: tuple[str, ...] = ()
    code: tuple[str, ...] = field(default=())
    ends: int = 0


SHAPE = ("--shape", "32,16")
JSON = ("--json",)
BUILT = "models.py:built"

CALLS = {
    "schemes": Call(arguments=(), json=JSON),
    "show": Call(arguments=("he_normal", *SHAPE), json=JSON, code=("  fanwise.",)),
    "plot": Call(arguments=("he_normal", *SHAPE, "-o", "p.svg")),
    "sample": Call(arguments=("he_normal", *SHAPE, "-o", "w.npy")),
    "recipes": Call(arguments=(), json=JSON),
    "recipe": Call(arguments=("gemma",), json=JSON, code=("",)),
    "paths": Call(arguments=(BUILT,), json=JSON),
    "plan": Call(arguments=(BUILT, "torch_default"), json=JSON),
    "capture": Call(arguments=(BUILT,), json=JSON, code=("",)),
    "write": Call(
        arguments=(BUILT, "--recipe", "torch_default", "--seed", "0", "--digest-only"),
        json=JSON,
        code=("digest",),
    ),
    "audit": Call(arguments=("w.npz",), json=("--json", "-")),
    "verify": Call(
        arguments=("w.npz", "--recipe", "torch_default", "--seed", "0"),
        json=("--json", "-"),
        ends=1,
    ),
    "lint": Call(arguments=("models.py",), json=JSON, code=("",)),
    "conformance": Call(arguments=("--adapter", "numpy", "--only", "*he_uniform*"), json=JSON),
    "verdict": Call(arguments=("results.json",), json=("--json", "-"), ends=1),
    "calibration": Call(arguments=("--runs", "1"), json=JSON),
    "mutants": Call(arguments=("--first", "0"), json=JSON),
}

#: What imports every framework that is installed, and is tested by itself.
BY_THEMSELVES = {"adapters": "test_adapters.py", "demo": "test_demo.py"}

MODELS = """
def built():
    from torch import nn

    return nn.Sequential(nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 8))
"""


def prepare(folder):
    """Fill a folder with what the calls need."""
    (folder / "models.py").write_text(MODELS)
    weight = np.random.default_rng(0).normal(0, 0.02, (64, 32))
    np.savez(folder / "w.npz", **{"0.weight": weight.astype("float32")})
    judged = run(load("numpy"), only="*he_uniform*")
    write_runs(folder / "results.json", [judged, check_suite()])
