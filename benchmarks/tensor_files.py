"""How long it takes to read a large checkpoint in blocks, and how much memory.

    python benchmarks/tensor_files.py [--gigabytes 1] [--formats pt npz …] [--folder FOLDER]

Writes a file of normal numbers in each format, and reads all of it in a process of its own, as an
audit does. Prints the seconds, and the most memory beyond that of the imports. The files are not
in the cache of the system only where that is dropped before; what is measured is the reading.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

#: A tensor has so many rows of so many numbers: 64 MiB of float32.
ROWS, COLUMNS = 1 << 14, 1 << 10
_READER = """
import json, sys, time
from pathlib import Path
import numpy as np
from fanwise.adapters.files import open_tensors
from fanwise.adapters.stored_weights import BLOCK

def high_water():
    (line,) = (x for x in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in x)
    return int(line.split()[1]) / 1024

before, start, count = high_water(), time.perf_counter(), 0
with open_tensors(sys.argv[1]) as file:
    for tensor in file.tensors.values():
        step = max(1, BLOCK // int(np.prod(tensor.shape[1:])))
        for row in range(0, tensor.shape[0], step):
            count += tensor.read((slice(row, row + step),)).nbytes
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "MiB": high_water() - before, "bytes": count}))
"""


def tensors(count: int) -> dict[str, np.ndarray]:
    """Return so many tensors; they share their numbers, which are written each time."""
    values = np.random.default_rng(0).normal(size=(ROWS, COLUMNS)).astype(np.float32)
    return {f"layers.{number}.weight": values for number in range(count)}


def write(path: Path, count: int) -> None:
    """Write a file of the format that its suffix names."""
    values = tensors(count)
    if path.suffix == ".safetensors":
        header, at = {}, 0
        for name, array in values.items():
            where = [at, at + array.nbytes]
            header[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": where}
            at = where[1]
        text = json.dumps(header).encode()
        with path.open("wb") as stream:
            stream.write(len(text).to_bytes(8, "little") + text)
            for array in values.values():
                stream.write(array.tobytes())
    elif path.suffix == ".pt":
        import torch

        torch.save({name: torch.from_numpy(array.copy()) for name, array in values.items()}, path)
    elif path.suffix == ".npz":
        np.savez(path, **values)
    elif path.suffix == ".h5":
        import h5py

        with h5py.File(path, "w") as file:
            for name, array in values.items():
                file[f"{name}/vars/0"] = array
    else:
        # NumPy's own way of a compressed archive.
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, array in values.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as stream:
                    np.lib.format.write_array(stream, array)


def main() -> None:
    """Measure the formats that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--formats", nargs="+", default=["safetensors", "pt", "npz"])
    parser.add_argument("--folder", default=tempfile.gettempdir())
    options = parser.parse_args()
    count = max(1, round(options.gigabytes * 1e9 / (ROWS * COLUMNS * 4)))
    for form in options.formats:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            path = Path(folder, f"a.{form}")
            write(path, count)
            command = [sys.executable, "-c", _READER, str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found = json.loads(done.stdout)
            line = f"{found['bytes'] / 1e9:.2f} GB in {found['seconds']:.1f} s"
            sys.stdout.write(f"{form:>12}: {line}, {found['MiB']:.0f} MiB\n")


if __name__ == "__main__":
    main()
