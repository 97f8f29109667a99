"""Weights written to files as they are drawn: .npy, .npz and .safetensors."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from fanwise.adapters.files.writing.npz import npy_head
from fanwise.adapters.files.writing.safetensors import CODES, header_of
from fanwise.commands.progress import Tick
from fanwise.commands.weight_blocks import WeightBlocks
from fanwise.conformance.results.files import behind_links
from fanwise.spec.errors import FanwiseError, Phrase

Write = Callable[[IO[bytes], WeightBlocks, str, Tick], None]


def write_weight(path: Path, weight: WeightBlocks, name: str, tick: Tick) -> None:
    """Draw a weight into a file, which is there when all of it is.

    Args:
        path: of the file; its suffix is the format.
        weight: what is drawn.
        name: what the file calls the weight, if it calls it anything.
        tick: told of every block.

    Raises:
        FanwiseError: where the disk is too small for it.
    """
    target = behind_links(path)
    free = shutil.disk_usage(target.parent).free
    if weight.bytes > free:
        received = Phrase(f"{weight.bytes:,} bytes, of which {free:,} are free")
        raise FanwiseError(f"room for the weight in {target.parent}", received, "Free some of it.")
    with _complete(target) as file:
        FORMATS[path.suffix.casefold()](file, weight, name, tick)


def check_format(suffix: str, dtype: str, name: str) -> None:
    """Raise for what a format has no word for.

    Args:
        suffix: of the file; that of a pipe is .npy.
        dtype, name: of the weight.

    Raises:
        FanwiseError: for bfloat16 in NumPy's files, and for the one name that safetensors keeps.
    """
    if suffix != ".safetensors" and dtype == "bfloat16":
        hint = "Write it to a .safetensors file, or choose --dtype float32."
        raise FanwiseError("a dtype that NumPy's files can hold", dtype, hint)
    if suffix == ".safetensors" and name == "__metadata__":
        raise FanwiseError("a path that safetensors can hold", name, "Choose another --path.")


def write_npy(file: IO[bytes], weight: WeightBlocks, name: str, tick: Tick) -> None:
    """Write a weight as NumPy's own format has it; it has no name there."""
    del name
    _write_header(file, weight)
    _write_blocks(file, weight, tick)


def _write_npz(file: IO[bytes], weight: WeightBlocks, name: str, tick: Tick) -> None:
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive,
        archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member,
    ):
        _write_header(member, weight)
        _write_blocks(member, weight, tick)


def _write_safetensors(file: IO[bytes], weight: WeightBlocks, name: str, tick: Tick) -> None:
    entry = {
        "dtype": CODES[weight.into.name],
        "shape": list(weight.shape),
        "data_offsets": [0, weight.bytes],
    }
    file.write(header_of({name: entry}))
    _write_blocks(file, weight, tick)


def _write_header(file: IO[bytes], weight: WeightBlocks) -> None:
    file.write(npy_head(weight.shape, weight.into.name, weight.into.storage))


def _write_blocks(file: IO[bytes], weight: WeightBlocks, tick: Tick) -> None:
    written = 0
    for block in weight:
        stored = block.astype(block.dtype.newbyteorder("<"), copy=False)
        file.write(stored.tobytes())
        written += stored.nbytes
        tick(written, weight.bytes, "bytes")


@contextmanager
def _complete(path: Path) -> Iterator[IO[bytes]]:
    """Write a file beside its place, and move it there: half of a weight is never found there."""
    if path.exists() and not path.is_file():  # a device, a pipe
        with path.open("wb") as file:
            yield file
        return
    # Not by its name, which may be as long as a name can be.
    beside = path.with_name(f".fanwise.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            yield file
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


#: The formats, by the suffix of a file's name.
FORMATS: Final[dict[str, Write]] = {
    ".npy": write_npy,
    ".npz": _write_npz,
    ".safetensors": _write_safetensors,
}
