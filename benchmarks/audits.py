"""What an audit costs on a large file, in time and in memory.

    python benchmarks/audits.py [--gigabytes 1]

Writes a checkpoint with the names of Llama, drawn by its recipe, as safetensors, and audits it by
the recipe, by the seed too, and by itself, each in a process of its own: seconds, imports included,
and the peak of the process's memory in MiB, of which imports take some without any audit. Linux.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

import fanwise

SEED: Final = (9 << 40) + 1
#: Of the model: its width, the inside of its perceptron, its vocabulary.
WIDTH, INSIDE, WORDS = 2048, 5632, 32000
#: What an audit is given beside the file, and how it is called.
AUDITS: Final = {
    "by its recipe": 'recipe="llama"',
    "by its recipe and seed": f'recipe="llama", seed={SEED}',
    "by itself": "",
}
_CODE: Final = """
import json, pathlib, re, time
start = time.perf_counter()
import fanwise
audit = fanwise.audit({path!r}, framework="torch", {given})
seconds = time.perf_counter() - start
status = pathlib.Path("/proc/self/status").read_text()
# Not the ru_maxrss of a process, which begins with that of its parent.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) / 1024
print(json.dumps(dict(passed=audit.passed, rows=len(audit.rows), seconds=seconds, peak=peak)))
"""


def main() -> None:
    """Print a line for each audit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=1.0)
    wanted = parser.parse_args().gigabytes * 1e9
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.safetensors"
        written = write_checkpoint(path, wanted)
        sys.stdout.write(f"{written / 1e9:.2f} GB in float32\n")
        for name, given in AUDITS.items():
            told = audited(path, given)
            verdict = "passed" if told["passed"] else "FAILED"
            sys.stdout.write(
                f"{name}: {told['seconds']:.1f} s, peak of {told['peak']:.0f} MiB, "
                f"{told['rows']:,} rows, {verdict}\n"
            )


def audited(path: Path, given: str) -> dict[str, Any]:
    """Audit a file in a process of its own."""
    code = _CODE.format(path=str(path), given=given)
    done = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def write_checkpoint(path: Path, wanted: float) -> int:
    """Write the layers that fill so many bytes, one tensor after the other.

    Returns:
        The bytes of all tensors.
    """
    layer = sum(math.prod(shape) for _, shape, _ in _layer(0))
    ends = [t for t in _tensors(0) if "layers" not in t[0]]
    rest = wanted / 4 - sum(math.prod(shape) for _, shape, _ in ends)
    tensors = [*_tensors(max(1, round(rest / layer)))]
    header, place = {}, 0
    for name, shape, _ in tensors:
        end = place + 4 * math.prod(shape)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [place, end]}
        place = end
    text = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for _, shape, canonical in tensors:
            file.write(np.ascontiguousarray(_drawn(shape, canonical)).tobytes())
    return place


def _drawn(shape: tuple[int, ...], path: str) -> np.ndarray:
    if len(shape) == 1:
        return np.ones(shape, "float32")
    law = fanwise.scheme("normal", std=0.02)
    # A kernel of torch is (out, in), canonically (in, out); an embedding is as it is.
    axes = "out in" if path.endswith("kernel") else "kernel"
    return fanwise.sample(law, shape, seed=SEED, path=path, axes=axes)


def _tensors(layers: int) -> Iterator[tuple[str, tuple[int, ...], str]]:
    yield "model.embed_tokens.weight", (WORDS, WIDTH), "tokens/embedding"
    for number in range(layers):
        yield from _layer(number)
    yield "model.norm.weight", (WIDTH,), "norm/scale"
    yield "lm_head.weight", (WORDS, WIDTH), "head/kernel"


def _layer(number: int) -> Iterator[tuple[str, tuple[int, ...], str]]:
    """Give the tensors of one layer: torch's name, shape, canonical path."""
    here, there = f"model.layers.{number}", f"blocks/{number}"
    for name, part in (("q", "query"), ("k", "key"), ("v", "value"), ("o", "out")):
        path = f"{there}/attention/{part}/kernel"
        yield f"{here}.self_attn.{name}_proj.weight", (WIDTH, WIDTH), path
    for name in ("gate", "up"):
        yield f"{here}.mlp.{name}_proj.weight", (INSIDE, WIDTH), f"{there}/mlp/{name}/kernel"
    yield f"{here}.mlp.down_proj.weight", (WIDTH, INSIDE), f"{there}/mlp/down/kernel"
    for name, part in (("input", "attention_norm"), ("post_attention", "mlp_norm")):
        yield f"{here}.{name}_layernorm.weight", (WIDTH,), f"{there}/{part}/scale"


if __name__ == "__main__":
    main()
