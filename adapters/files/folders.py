"""Which checkpoint a folder holds."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Final

from fanwise.adapters.files.faults import broken, quoted

#: What names of checkpoints end in, those that libraries prefer first.
_ENDINGS: Final = (
    *(".safetensors.index.json", ".safetensors", ".weights.json", ".keras", ".weights.h5"),
    *(".bin.index.json", ".pt.index.json", ".pt", ".pth", ".bin", ".ckpt", ".npz", ".h5", ".npy"),
)
#: More files than a folder of a checkpoint has, that are looked at.
_MOST: Final = 10_000


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
        fitting = [name for name in names if name.endswith(ending)]
        if len(fitting) == 1:
            return folder / fitting[0]
        if fitting:
            raise broken(
                f"one checkpoint in {quoted(folder)}",
                f"{len(fitting)} ({', '.join(map(quoted, fitting[:5]))})",
                "Pass the path of one of them, or of their index file.",
            )
    raise broken(
        f"a checkpoint in {quoted(folder)}",
        f"a folder of {len(names)} other files",
        "Pass the path of the checkpoint itself.",
    )
