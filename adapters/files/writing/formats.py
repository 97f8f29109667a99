"""The formats that starts can be written in, each loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Final

from fanwise.adapters.files.writing.protocol import StartFormat
from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean

_HERE: Final = "fanwise.adapters.files.writing"
#: The module of each format; it has the format under the name FORMAT.
MODULES: Final = {
    "safetensors": f"{_HERE}.safetensors",
    "npz": f"{_HERE}.npz",
    "dcp": "fanwise.adapters.torch.checkpoints.distributed",
    "orbax": f"{_HERE}.orbax_folders",
}
#: The suffixes of targets that are one file, each with its format.
_SUFFIXES: Final = {".safetensors": "safetensors", ".npz": "npz"}
#: Those of files of weights that starts are not written to: none of them becomes a folder.
_OTHERS: Final = frozenset(
    {
        *(".bin", ".ckpt", ".dcp", ".distcp", ".eqx", ".gguf", ".h5", ".hdf", ".hdf5", ".index"),
        *(".joblib", ".json", ".keras", ".mlmodel", ".msgpack", ".nemo", ".npy", ".onnx", ".orbax"),
        *(".pb", ".pdparams", ".pickle", ".pkl", ".pt", ".pt2", ".pth", ".safetensor", ".tflite"),
        *(".zarr", ".bz2", ".gz", ".tar", ".tgz", ".xz", ".zip"),
    }
)
#: The format of a folder.
_USUAL: Final = "safetensors"


def format_for(name: str | None, to: Path | None) -> StartFormat:
    """Return a format.

    Args:
        name: of it; None to take the one that the suffix of the target says, or safetensors.
        to: the target; None where nothing is written.

    Raises:
        FanwiseError: for a name that is none, and a target of another format.
    """
    suffix = "" if to is None else to.suffix.casefold()
    if suffix in _OTHERS:
        hint = f"Name a file with {' or '.join(_SUFFIXES)}, or a folder without a suffix."
        raise FanwiseError("a target that starts can be written to", Phrase(f"{to}"), hint)
    if name is None:
        name = _SUFFIXES.get(suffix, _USUAL)
    if not isinstance(name, str) or name not in MODULES:
        hint = did_you_mean(str(name), MODULES) or "Leave it out for safetensors."
        raise FanwiseError(f"format to be one of {', '.join(MODULES)}", name, hint)
    if _SUFFIXES.get(suffix, name) != name:
        hint = f"Leave out format={name!r}, or name a folder."
        raise FanwiseError(f"a target of the format {name}", Phrase(f"{to}"), hint)
    form: StartFormat = import_module(MODULES[name]).FORMAT
    return form


def is_file(form: StartFormat, to: Path) -> bool:
    """Tell whether a target is one file of a format, rather than a folder."""
    return to.suffix.casefold() in form.suffixes
