"""Train a small Llama in every way, and show that it is one model: ``nox -s proof``.

    python run.py [--output results/proof.json]

It exits with 1 where weights differ at step 0, or losses by more than the rounding of their sums.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from sizes import LAYERS, STEPS, WIDTH

HERE: Final = Path(__file__).resolve().parent
#: What a run in one process is compared with.
ONE: Final = "one process"
TORCH_WAYS: Final = (ONE, "FSDP2 x 4", "TP 2 x DP 2", "PP 2 x FSDP2 x 2")
JAX_WAYS: Final = {"1 device": 1, "8 devices": 8}
DTYPES: Final = ("float32", "float64")
#: Sums of one process in other orders, by the order of the sequences in each batch.
ORDERS: Final = (1, 2, 3)
#: How many times as far from the reference as those a way may be: it adds in yet other orders.
FACTOR: Final = 8
#: Where training is cut off, to go on in another world.
MIDDLE: Final = STEPS // 2
ELASTIC: Final = "FSDP2 x 4, then x 3"


@dataclass
class Run:
    """What came of one training.

    Attributes:
        framework, way, dtype: what was trained, and how.
        digest: SHA-256 of the weights at step 0, whole and in one order.
        losses: before each step.
        seconds: of the whole run.
        distance: the largest one from the reference's losses.
        share: of its bound that a distance takes, where it takes the most.
        passed: whether weights and losses are as they must be.
    """

    framework: str
    way: str
    dtype: str
    digest: str
    losses: list[float]
    seconds: float
    distance: float = 0.0
    share: float = 0.0
    passed: bool = True


@dataclass
class Proof:
    """All runs, and what is compared.

    Attributes:
        runs: of every way and dtype.
        orders: for each dtype the losses of one process that adds in other orders.
        own: the digests of torch's own functions under one seed, by the way.
        same_weights: whether a run that was cut off goes on with the same weights elsewhere.
    """

    runs: list[Run] = field(default_factory=list)
    orders: dict[str, list[list[float]]] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    same_weights: bool = False


def ran(script: str, *options: str, folder: Path) -> tuple[list[dict[str, Any]], float]:
    """Run a training in processes of its own; return what each of them found, and the seconds."""
    folder.mkdir(parents=True)
    variables = {**os.environ, "OMP_NUM_THREADS": "1", "TORCH_CPP_LOG_LEVEL": "ERROR"}
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(HERE / script), *options],
        env=variables, capture_output=True, text=True, check=False, timeout=300, cwd=HERE,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{script} {' '.join(options)} failed:\n{done.stderr}")
    found = [json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))]
    return found, time.perf_counter() - began


def digest_of(found: Sequence[Mapping[str, Any]]) -> str:
    """Return the digest of the weights of all processes, of which stages have parts."""
    every: dict[str, str] = {}
    for process in found:
        for name, digest in process["started"].items():
            if every.setdefault(name, digest) != digest:
                sys.exit(f"{name} differs between processes of one way")
    lines = "".join(f"{name} {every[name]}\n" for name in sorted(every))
    return hashlib.sha256(lines.encode()).hexdigest()


def trained(framework: str, way: str, dtype: str, folder: Path) -> Run:
    """Train in one way."""
    script, first = ("torch_ways.py", way)
    if framework == "jax":
        script, first = "jax_ways.py", str(JAX_WAYS[way])
    found, seconds = ran(script, first, str(folder), "--dtype", dtype, folder=folder)
    losses = found[0]["losses"]
    assert all(process["losses"] == losses for process in found), "one loss in all processes"
    return Run(framework, way, dtype, digest_of(found), losses, round(seconds, 1))


def judge(proof: Proof) -> None:
    """Hold every run to the reference: torch in one process, in float64."""
    reference = next(r for r in proof.runs if (r.way, r.dtype) == (ONE, "float64"))
    for dtype in DTYPES:
        mine = [run for run in proof.runs if run.dtype == dtype]
        one = next(run for run in mine if run.way == ONE)
        bounds, widest = [], 0.0
        for step, wanted in enumerate(reference.losses):
            inside = [abs(losses[step] - wanted) for losses in (one.losses, *proof.orders[dtype])]
            widest = max(widest, *inside, wanted * 2.0 ** (-23 if dtype == "float32" else -52))
            bounds.append(FACTOR * widest)
        for run in mine:
            off = [abs(a - b) for a, b in zip(run.losses, reference.losses, strict=True)]
            run.distance = max(off)
            run.share = max(a / b for a, b in zip(off, bounds, strict=True))
            run.passed = run.share <= 1 and run.digest == one.digest


def gone_on(folder: Path) -> tuple[Run, bool]:
    """Cut training off on 4 processes, and go on on 3 that divide no weight evenly.

    Returns:
        Both parts as one run, and whether the second begins with the weights of the first.
    """
    before, after = folder / "before", folder / "after"
    first, began = ran(
        "torch_ways.py", "FSDP2 x 4", str(before), f"--until={MIDDLE}", folder=before
    )
    how = (f"--since={MIDDLE}", f"--resume={before / 'checkpoint'}")
    second, ended = ran("torch_ways.py", "FSDP2 x 3", str(after), *how, folder=after)
    losses = [*first[0]["losses"], *second[0]["losses"]]
    run = Run("torch", ELASTIC, "float32", digest_of(first), losses, round(began + ended, 1))
    left, found = (
        digest_of([{"started": process[key]} for process in processes])
        for processes, key in ((first, "ended"), (second, "resumed"))
    )
    return run, left == found


def prove(folder: Path) -> Proof:
    """Make all runs, one after the other: the processes of one need all cores."""
    proof = Proof()
    every = [("torch", way) for way in TORCH_WAYS] + [("jax", way) for way in JAX_WAYS]
    for dtype in DTYPES:
        for framework, way in every:
            run = trained(framework, way, dtype, folder / f"{framework} {way} {dtype}")
            proof.runs.append(run)
            told = f"{framework:5} {way:18} {dtype}  {run.digest[:12]}  {run.losses[-1]:.6f}"
            print(f"{told}  {run.seconds:5.1f} s", flush=True)
        proof.orders[dtype] = []
        for order in ORDERS:
            where = folder / f"order {order} {dtype}"
            how = ("--dtype", dtype, "--order", str(order))
            found, _ = ran("torch_ways.py", ONE, str(where), *how, folder=where)
            proof.orders[dtype].append(found[0]["losses"])
    for way in TORCH_WAYS:
        where = folder / f"own {way}"
        found, _ = ran("torch_ways.py", way, str(where), "--own", "--only-start", folder=where)
        proof.own[way] = digest_of(found)
    run, proof.same_weights = gone_on(folder)
    proof.runs.append(run)
    judge(proof)
    return proof


def is_right(proof: Proof) -> bool:
    """Tell whether all ways are one model; say what is not."""
    faults = [f"{r.framework}, {r.way}, {r.dtype}" for r in proof.runs if not r.passed]
    if not proof.same_weights:
        faults.append("going on in another world")
    faults += [
        f"the control: torch's own functions gave one model under {way}"
        for way in TORCH_WAYS[1:]
        if proof.own[way] == proof.own[ONE]
    ]
    for fault in faults:
        print(f"FAIL: {fault}")
    return not faults


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=HERE.parent / "results" / "proof.json")
    asked = parser.parse_args()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        proof = prove(Path(folder))
    right = is_right(proof)
    seconds = round(time.perf_counter() - began)
    model = {"layers": LAYERS, "width": WIDTH, "steps": STEPS, "factor": FACTOR}
    machine = {"cores": os.cpu_count(), "machine": platform.machine()}
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    asked.output.write_text(
        json.dumps({**model, **machine, "seconds": seconds, **asdict(proof)}, indent=1) + "\n"
    )
    print(f"{'PASS' if right else 'FAIL'}: {len(proof.runs)} trainings in {seconds} s")
    sys.exit(not right)
