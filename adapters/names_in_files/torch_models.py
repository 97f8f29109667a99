"""What is to be seen of a torch model as a whole in its state dict: ties, and adapters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from fanwise.adapters.stored_weights import StoredTensor, StoredWeight, blocks_of
from fanwise.spec.errors import FanwiseError
from fanwise.spec.roles import ADAPTER

#: The modules that PEFT puts beside a layer, and where it keeps what it adapts.
_ADAPTERS: Final = re.compile(
    r"lora_\w+|ia3_l|hada_\w+|lokr_\w+|oft_\w+|boft_\w+|vera_\w+|vblora_\w+"
    r"|randlora_\w+|delora_\w+|miss_\w+|bone_\w*|adaption_\w+|ln_tuning_layers|hra_u|shira_\w+"
    r"|fourierft_\w+|c3a_kernel|road_\w+|ranknum|cartridge_\w+"
)
#: In so many rows a table that was drawn has different values.
_ROWS: Final = 8
_TRAINED: Final = "modules_to_save"


def untied(weights: Sequence[StoredWeight]) -> list[StoredWeight]:
    """Leave out the head of a model that is its table of tokens.

    It is where the two hold the same values, and only files of torch say both.

    Args:
        weights: those of a model, in its order.
    """
    tables = [w for w in weights if w.weight.role == "embedding"]
    tied: set[str] = set()
    for stored in weights:
        if stored.weight.role != "kernel" or len(stored.weight.shape) != 2:
            continue
        for table in tables:
            if table.weight.shape == stored.weight.shape and _equal(table, stored):
                tied.add(stored.weight.path)
    # The first of several tables that are one, such as those of an encoder and a decoder.
    for number, table in enumerate(tables):
        for other in tables[number + 1 :]:
            if table.weight.shape == other.weight.shape and _equal(table, other):
                tied.add(other.weight.path)
    return [stored for stored in weights if stored.weight.path not in tied]


def _equal(first: StoredWeight, second: StoredWeight) -> bool:
    """Tell whether two weights that are drawn hold the same values."""
    a, b = (next(iter(stored.tensors.values())) for stored in (first, second))
    if a.dtype != b.dtype:
        return False
    try:
        return _hold_the_same(a, b)
    except FanwiseError:
        return False


def _hold_the_same(a: StoredTensor, b: StoredTensor) -> bool:
    # The first row may be that of the padding.
    rows = np.asarray(a.read((slice(0, _ROWS),)))
    if rows.size == 0 or (rows == rows.flat[-1]).all():
        return False
    pairs = zip(blocks_of(a), blocks_of(b), strict=True)
    return all(np.array_equal(first, second) for (_, first), (_, second) in pairs)


def adapted(weights: Sequence[StoredWeight]) -> list[StoredWeight]:
    """Tell what PEFT has added to a model, beside which nothing else trains.

    Args:
        weights: those of a model.
    """
    parts = [stored.weight.path.split("/") for stored in weights]
    added = [any(map(_ADAPTERS.fullmatch, words)) for words in parts]
    if not any(added):
        return list(weights)
    return [
        replace(stored, weight=replace(stored.weight, kind=ADAPTER))
        if is_added
        else replace(stored, weight=replace(stored.weight, trains=_TRAINED in words))
        for stored, words, is_added in zip(weights, parts, added, strict=True)
    ]
