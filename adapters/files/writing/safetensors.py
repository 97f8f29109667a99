"""Starts as safetensors: one file, or shards and an index as transformers has them.

The header is JSON, and the tensors lie in a row behind it, those of the widest elements first, so
that each is aligned. The library of the format writes the same bytes of the same tensors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fanwise.adapters.files.headers import LONGEST
from fanwise.adapters.files.writing.protocol import FileOptions
from fanwise.adapters.files.writing.regions import FileRegion, RegionFile, RegionPlan
from fanwise.adapters.starts.start import ModelStart
from fanwise.adapters.starts.start_tensors import StartTensor
from fanwise.spec.errors import FanwiseError, Phrase

#: What the format calls dtypes, in the order of its library, whose files begin with the last.
CODES: Final = {
    "bool": "BOOL",
    "uint8": "U8",
    "int8": "I8",
    "int16": "I16",
    "uint16": "U16",
    "float16": "F16",
    "bfloat16": "BF16",
    "int32": "I32",
    "uint32": "U32",
    "float32": "F32",
    "float64": "F64",
    "int64": "I64",
    "uint64": "U64",
}
_ORDER: Final = {dtype: place for place, dtype in enumerate(CODES)}
#: What the header says that the file is of.
_FRAMEWORKS: Final = {"torch": "pt", "keras": "tf", "flax": "flax", "": "canonical"}
_METADATA: Final = "__metadata__"
#: The header ends where the first tensor is aligned.
_ALIGNED: Final = 8


@dataclass(frozen=True)
class Safetensors:
    """The format: see :class:`fanwise.adapters.files.writing.protocol.StartFormat`."""

    name: str = "safetensors"
    suffixes: tuple[str, ...] = (".safetensors",)

    def plan(self, start: ModelStart, options: FileOptions) -> RegionPlan:
        """Lay a start out."""
        for tensor in start.tensors:
            if tensor.dtype not in CODES:
                hint = "Pass dtype=, or leave the tensor out of the model."
                received = Phrase(f"{tensor.dtype} of {tensor.name}")
                raise FanwiseError("a dtype that safetensors has", received, hint)
            if tensor.name == _METADATA:
                hint = "Rename the tensor."
                raise FanwiseError("names that safetensors leaves free", tensor.name, hint)
        if options.name:
            return RegionPlan((_file(options.name, start, start.tensors),))
        shards = _shards(start.tensors, options.shard_size)
        if len(shards) == 1:
            return RegionPlan((_file("model.safetensors", start, shards[0]),))
        files = [
            _file(f"model-{number:05}-of-{len(shards):05}.safetensors", start, shard)
            for number, shard in enumerate(shards, 1)
        ]
        places = {name: file.name for file in files for name in file.regions}
        index = {
            "metadata": {"total_size": start.nbytes},
            "weight_map": {tensor.name: places[tensor.name] for tensor in start.tensors},
        }
        text = json.dumps(index, indent=2, ensure_ascii=False) + "\n"
        return RegionPlan(tuple(files), {"model.safetensors.index.json": text.encode()})


FORMAT: Final = Safetensors()


def header_of(entries: Mapping[str, object]) -> bytes:
    """Return what a file begins with, before the first tensor.

    Args:
        entries: of the header, by the names of tensors.

    Raises:
        FanwiseError: for a header that is too long for readers.
    """
    header = json.dumps(entries, separators=(",", ":"), ensure_ascii=False).encode()
    header += b" " * (-len(header) % _ALIGNED)
    if len(header) > LONGEST:
        hint = "Pass a smaller shard_size, so that a file has fewer tensors."
        raise FanwiseError(f"a header of at most {LONGEST} bytes", len(header), hint)
    return len(header).to_bytes(8, "little") + header


def _shards(tensors: Sequence[StartTensor], most: int) -> list[tuple[StartTensor, ...]]:
    """Divide tensors into files of at most so many bytes, in their order, as transformers does."""
    shards: list[list[StartTensor]] = [[]]
    size = 0
    for tensor in tensors:
        if shards[-1] and size + tensor.nbytes > most:
            shards.append([])
            size = 0
        shards[-1].append(tensor)
        size += tensor.nbytes
    return [tuple(shard) for shard in shards]


def _file(name: str, start: ModelStart, tensors: Sequence[StartTensor]) -> RegionFile:
    ordered = sorted(tensors, key=lambda t: (-_ORDER[t.dtype], t.name))
    here = {tensor.name for tensor in tensors}
    metadata = {"format": _FRAMEWORKS[start.framework]}
    metadata |= {alias: tied for alias, tied in sorted(start.ties.items()) if tied in here}
    entries: dict[str, object] = {_METADATA: metadata}
    at = 0
    for tensor in ordered:
        ends = [at, at + tensor.nbytes]
        entries[tensor.name] = {
            "dtype": CODES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": ends,
        }
        at += tensor.nbytes
    head = header_of(entries)
    regions, begin = {}, len(head)
    for tensor in ordered:
        regions[tensor.name] = FileRegion(begin, tensor.nbytes)
        begin += tensor.nbytes
    return RegionFile(name, begin, regions, lambda _: [(0, head)])
