"""Which checkpoint a folder holds."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fanwise.adapters.files.faults import broken, quoted
from fanwise.spec.errors import FanwiseError

#: What names of checkpoints end in, those that libraries prefer first.
_ENDINGS: Final = (
    *(".safetensors.index.json", ".safetensors", ".weights.json", ".keras", ".weights.h5"),
    *(".bin.index.json", ".pt.index.json", ".pt", ".pth", ".bin", ".ckpt", ".npz", ".h5", ".npy"),
)
#: More files than a folder of a checkpoint has, that are looked at.
_MOST: Final = 10_000


def orbax_item(folder: Path) -> Path | None:
    """Return the folder of the item that a checkpoint of Orbax holds; none where it is none.

    An item lies in the folder of a step, and steps in that of a run.

    Raises:
        FanwiseError: where there is more than one item.
    """
    for pattern in ("_METADATA", "*/_METADATA", "*/*/_METADATA"):
        items = sorted(path.parent for path in itertools.islice(folder.glob(pattern), _MOST))
        if len(items) > 1:
            raise _several(folder, [str(item.relative_to(folder)) for item in items])
        if items:
            return items[0]
    return None


def checkpoint_of(folder: Path) -> Path:
    """Return the one checkpoint that lies in a folder.

    Raises:
        FanwiseError: where there is none, or more than one of a kind.
    """
    try:
        names = sorted(path.name for path in itertools.islice(folder.iterdir(), _MOST))
    except OSError as error:
        raise broken(
            "a folder that can be read", f"{quoted(folder)} ({error.strerror})", "Check its rights."
        ) from None
    for ending in _ENDINGS:
        fitting = [name for name in names if name.casefold().endswith(ending)]
        if len(fitting) == 1:
            return folder / fitting[0]
        if fitting:
            raise _several(folder, fitting)
    raise broken(
        f"a checkpoint in {quoted(folder)}",
        f"a folder of {len(names)} other files",
        "Pass the path of the checkpoint itself.",
    )


def _several(folder: Path, names: Sequence[str]) -> FanwiseError:
    return broken(
        f"one checkpoint in {quoted(folder)}",
        f"{len(names)} ({', '.join(map(quoted, names[:5]))})",
        "Pass the path of one of them, or of their index file.",
    )
