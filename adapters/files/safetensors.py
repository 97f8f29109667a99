"""Files of the format safetensors.

Its header is JSON and its tensors lie in a row behind it, so that reading it takes no more code
than calling its library would, which maps the whole file into memory and has no bfloat16 for
NumPy.
"""

from __future__ import annotations

import math
from typing import Any, Final

from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.headers import LONGEST, parsed
from fanwise.adapters.files.numbers import NUMBERS
from fanwise.adapters.files.opened import TensorFile
from fanwise.adapters.files.regions import checked_shape, refused, stored
from fanwise.adapters.files.sources import Bytes
from fanwise.adapters.stored_weights import StoredTensor

#: What the format calls the dtypes that are read.
DTYPES: Final = {
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
    "I64": "int64",
    "I32": "int32",
    "I16": "int16",
    "I8": "int8",
    "U64": "uint64",
    "U32": "uint32",
    "U16": "uint16",
    "U8": "uint8",
    "BOOL": "bool",
    "F8_E4M3": "float8_e4m3fn",
    "F8_E5M2": "float8_e5m2",
    "F8_E8M0": "float8_e8m0fnu",
    "F8_E4M3FNUZ": "float8_e4m3fnuz",
    "F8_E5M2FNUZ": "float8_e5m2fnuz",
}
#: Those that are not read, with the bits of an element.
_REFUSED: Final = {
    "C64": ("complex64", 64),
    "C128": ("complex128", 128),
    "F4": ("float4_e2m1fn", 4),
    "F6_E2M3": ("float6_e2m3fn", 6),
    "F6_E3M2": ("float6_e3m2fn", 6),
}
_FRAMEWORKS: Final = {"pt": "torch", "tf": "keras", "flax": "flax"}


def looks_like_safetensors(head: bytes, size: int) -> bool:
    """Whether the first bytes of a file are those of its header."""
    length = int.from_bytes(head[:8], "little")
    return len(head) >= 9 and head[8:9] == b"{" and (length <= size or length >= LONGEST)


def read_safetensors(source: Bytes) -> TensorFile:
    """Find the tensors of a file.

    Raises:
        FanwiseError: where the header is not right: too long, tensors that overlap, leave gaps,
            or end elsewhere than the file.
    """
    length = int.from_bytes(source.read(0, 8), "little")
    if length > min(LONGEST, source.size - 8):
        raise broken(
            f"a header of at most {min(LONGEST, source.size - 8)} bytes", f"one of {length}"
        )
    header = parsed(source.read(8, length), "the header")
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise broken("texts by their names as __metadata__", quoted(str(metadata)))
    tensors, ranges = {}, []
    for name, entry in header.items():
        tensors[name], where = _tensor(source, name, entry, 8 + length)
        ranges.append((*where, name))
    _check_row(ranges, source.size - 8 - length)
    framework = _FRAMEWORKS.get(metadata.get("format", ""), "")
    return TensorFile(tensors, "safetensors", framework, metadata)


def _tensor(
    source: Bytes, name: str, entry: Any, start: int
) -> tuple[StoredTensor, tuple[int, int]]:
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise broken(f"dtype, shape and data_offsets of {quoted(name)}", quoted(str(entry)))
    shape = checked_shape(name, entry["shape"])
    begin, end = _offsets(name, entry["data_offsets"])
    code = entry["dtype"] if isinstance(entry["dtype"], str) else ""
    if code in DTYPES:
        number = NUMBERS[DTYPES[code]]
        bits = number.storage.itemsize * 8
        tensor = stored(name, source, number, start + begin, shape)
    elif code in _REFUSED:
        dtype, bits = _REFUSED[code]
        tensor = refused(name, shape, dtype, f"which is stored as {dtype}")
    else:
        known = ", ".join((*DTYPES, *_REFUSED))
        raise broken(f"a dtype of {known}", f"{quoted(entry['dtype'])} for {quoted(name)}")
    if math.prod(shape) * bits != (end - begin) * 8:
        raise broken(
            f"{math.prod(shape) * bits} bits for {quoted(name)} of shape {shape}",
            f"{end - begin} bytes",
        )
    return tensor, (begin, end)


def _offsets(name: str, offsets: Any) -> tuple[int, int]:
    match offsets:
        case [int(begin), int(end)] if 0 <= begin <= end and type(begin) is type(end) is int:
            return begin, end
    raise broken(f"two offsets of {quoted(name)}", quoted(str(offsets)))


def _check_row(ranges: list[tuple[int, int, str]], size: int) -> None:
    """Check that the tensors follow each other, from the first byte to the last."""
    at = 0
    for begin, end, name in sorted(ranges):
        if begin != at:
            raise broken(f"{quoted(name)} from byte {at} on", f"from byte {begin}")
        at = end
    if at != size:
        raise broken(f"{at} bytes of tensors", f"{size} in the file")
