"""Tensors of which shape and dtype are known, and no values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NoReturn

from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.numbers import NUMBERS
from fanwise.adapters.files.regions import checked_shape
from fanwise.adapters.files.safetensors import DTYPES
from fanwise.adapters.layer_weights import Index
from fanwise.adapters.stored_weights import StoredTensor
from fanwise.spec.errors import FanwiseError, Phrase

#: What a shape without a dtype is of.
FLOAT32: Final = "float32"


def valueless(name: str, shape: Any, dtype: Any) -> StoredTensor:
    """Return a tensor whose values cannot be read: whoever asks for them is told why.

    Args:
        name: of it.
        shape: of it, as it was written.
        dtype: by the name that NumPy has for it, or safetensors.

    Raises:
        FanwiseError: for what is no shape or no dtype.
    """
    number = DTYPES.get(dtype, dtype) if isinstance(dtype, str) else ""
    if number not in NUMBERS:
        raise broken(
            f"a dtype of {quoted(name)}",
            quoted(dtype),
            "Write e.g. float32, bfloat16 or float16.",
        )

    def read(index: Index) -> NoReturn:
        del index
        raise FanwiseError(
            f"values of {quoted(name)}",
            Phrase("its shape alone"),
            "Pass a model or a checkpoint that has them, or give it a rule that draws it.",
        )

    return StoredTensor(name, checked_shape(name, _listed(name, shape)), number, read)


def _listed(name: str, shape: Any) -> Sequence[Any]:
    if not isinstance(shape, list | tuple):
        hint = "Write its sizes, e.g. [512, 256]."
        raise broken(f"a shape for {quoted(name)}", quoted(str(shape)), hint)
    return shape
