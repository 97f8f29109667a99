"""Where a part of a model stands in the whole one: what the whole calls its modules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from torch import nn

from fanwise.adapters.torch.layers.wrappers import named_layers
from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean

#: Where a part stands: its own name in the whole, or those of what is in it.
At = str | Mapping[str, str] | None
_HINT: Final = (
    "Pass the name that the whole model has for it, e.g. 'layers.4', or "
    "{'layers.0': 'layers.4'}, from the names in the part to those in the whole."
)


class StagePlaces:
    """The names of a part of a model, as the whole has them.

    Args:
        model: the part.
        at: its name in the whole; or for names of modules and parameters in it those in the whole,
            where names that are not spoken of are the same; None where all are.

    Raises:
        FanwiseError: for anything but names, and for names of nothing in the part.
    """

    def __init__(self, model: nn.Module, at: At) -> None:
        self._new = {} if at is None else _checked(at)
        if isinstance(at, Mapping):
            _check_known(model, self._new)

    def name(self, name: str) -> str:
        """Return what the whole calls a module or a tensor of the part, dotted."""
        if not self._new:
            return name
        words = name.split(".") if name else []
        for end in range(len(words), -1, -1):
            new = self._new.get(".".join(words[:end]))
            if new is not None:
                return ".".join([new, *words[end:]] if new else words[end:])
        return name

    def path(self, path: str) -> str:
        """Return the same of the path of a weight."""
        return self.name(path.replace("/", ".")).replace(".", "/") if self._new else path

    def prefix(self, path: str) -> str:
        """Return the same of the path of a module, which is empty or ends in a slash."""
        if not self._new:
            return path
        name = self.path(path.removesuffix("/"))
        return f"{name}/" if name else ""


def _checked(at: str | Mapping[str, str]) -> dict[str, str]:
    """Return the new names, dotted; ``""`` is the part itself, or the whole."""
    pairs = {"": at} if isinstance(at, str) else at
    if not isinstance(pairs, Mapping):
        raise FanwiseError(
            "at to be a name, or names of the part with those of the whole", at, _HINT
        )
    new = {}
    for name, place in pairs.items():
        for text in (name, place):
            if not isinstance(text, str) or (text and not all(_dotted(text).split("."))):
                raise FanwiseError("at to be of dotted names", text, _HINT)
        new[_dotted(name)] = _dotted(place)
    return new


def _dotted(name: str) -> str:
    return name.replace("/", ".")


def _check_known(model: nn.Module, new: Mapping[str, str]) -> None:
    known = {""}
    for path, layer in named_layers(model, remove_duplicate=False):
        known.add(_dotted(path.removesuffix("/")))
        tensors = (*layer._parameters, *layer._buffers)  # noqa: SLF001 (no names are joined)
        known.update(_dotted(path) + name for name in tensors)
    unknown = [name for name in new if name not in known]
    if unknown:
        hint = did_you_mean(unknown[0], known) or _HINT
        received = Phrase(", ".join(unknown))
        raise FanwiseError("names of modules in the model, as keys of at", received, hint)
