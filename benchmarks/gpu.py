"""Time a GPU: what ``nox -s gpu`` runs after its tests.

    python benchmarks/gpu.py [--parts torch,models,tiles,jax,keras] [--output FILE]

Writes ``results/gpu-CARD.json`` and prints a line for each case. With ``FANWISE_REHEARSAL=1`` all
runs on a CPU, the kernels under Triton's interpreter, on a few elements: the times then mean
nothing. A part that fails does not keep the others from being timed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import traceback
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

import gpu_cases  # noqa: E402
from common import gpu_device  # noqa: E402

import machine  # noqa: E402

PARTS = {
    "torch": gpu_cases.torch_cases,
    "models": gpu_cases.model_cases,
    "jax": gpu_cases.jax_cases,
    "keras": gpu_cases.keras_cases,
    "tiles": gpu_cases.tile_cases,
}


def main() -> int:
    """Time the parts, and keep what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", default=",".join(PARTS), help="which, separated by commas")
    parser.add_argument("--output", type=Path, help="the file to write")
    arguments = parser.parse_args()
    card = gpu_device.card()
    named = re.sub(r"[^a-z0-9]+", "-", card.lower()).strip("-")
    output = arguments.output or HERE.parent / "results" / f"gpu-{named}.json"
    found: dict[str, Any] = {"card": card, **machine.described(), "rows": [], "failed": {}}
    for part in arguments.parts.split(","):
        began = time.monotonic()
        try:
            with gpu_device.kernels():
                for row in PARTS[part]():
                    print(row.line(), flush=True)
                    found["rows"].append(row.to_dict())
        except Exception:  # noqa: BLE001 (a card may be there for minutes: the rest goes on)
            found["failed"][part] = traceback.format_exc()
            print(found["failed"][part], file=sys.stderr, flush=True)
        print(f"{part}: {time.monotonic() - began:.0f} s", flush=True)
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(json.dumps(found, indent=1) + "\n")
    print(f"written to {output}")
    return 1 if found["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
