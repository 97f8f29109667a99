"""An adapter held to the protocol: what it lacks is said at once, what it gives is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.class_names import dotted_name
from fanwise.adapters.protocol import LAYERS, Adapter, Draw, LayerDraw
from fanwise.core.dtypes import format_of
from fanwise.spec.axes import PATTERNS, layout
from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean

_METHODS: Final = ("versions", "devices", "native", "portable", "layer")
#: What an adapter may have besides. They must be the checked adapter's own: from Python 3.12 on
#: isinstance does not find what __getattr__ gives, and would take them for missing.
_MORE: Final = (
    *("own_layers", "own", "own_name", "starts", "start", "models", "model"),
    *("entry", "environment"),
)


class WrongAnswer(TypeError):  # noqa: N818 - it is the adapter's answer that is named
    """What an adapter gave is not what the protocol asks for.

    No FanwiseError: from an adapter that would say that its framework has no such thing.
    """


class Checked:
    """An adapter whose every answer is looked at; all else that it has can be had from it."""

    def __init__(self, adapter: Adapter) -> None:
        self.name = adapter.name
        self.axes = adapter.axes
        self.modes = tuple(adapter.modes)
        self.layers = tuple(adapter.layers)
        self.deviations = adapter.deviations
        self.versions = adapter.versions
        self.devices = adapter.devices
        self._adapter = adapter
        for member in _MORE:
            if hasattr(adapter, member):
                setattr(self, member, getattr(adapter, member))

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "_adapter"), name)

    def native(self, draw: Draw) -> NDArray[Any]:
        """Draw the weight by the framework's own sampler."""
        return self._weight("native", self._adapter.native(draw), draw)

    def portable(self, draw: Draw, mode: str) -> NDArray[Any]:
        """Draw the weight from the portable stream."""
        return self._weight("portable", self._adapter.portable(draw, mode), draw)

    def layer(self, draw: LayerDraw) -> tuple[NDArray[Any], str]:
        """Return the kernel of a real layer, and its axes pattern."""
        given: Any = self._adapter.layer(draw)
        if not (isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], str)):
            raise self._wrong("layer", draw.kind, "a pair of an array and an axes pattern", given)
        kernel, axes = given
        self._array("layer", draw.kind, kernel, np.dtype(np.float32))
        try:
            layout(kernel.shape, axes)
        except FanwiseError as error:
            raise WrongAnswer(f"layer({draw.kind}) of the adapter {self.name!r}: {error}") from None
        return kernel, axes

    def _weight(self, member: str, array: Any, draw: Draw) -> NDArray[Any]:
        about = f"{draw.scheme}, {draw.dtype}"
        self._array(member, about, array, format_of(draw.dtype).storage)
        if array.shape != draw.shape:
            raise self._wrong(member, about, f"the shape {draw.shape}", array.shape)
        weight: NDArray[Any] = array
        return weight

    def _array(self, member: str, about: str, array: Any, dtype: np.dtype[Any]) -> None:
        if not isinstance(array, np.ndarray):
            received = dotted_name(type(array))
            raise self._wrong(member, about, "a NumPy array", Phrase(received))
        if array.dtype != dtype:
            bits = ", the bits of bfloat16" if dtype == np.uint16 else ""
            raise self._wrong(member, about, f"dtype {dtype}{bits}", Phrase(array.dtype))

    def _wrong(self, member: str, about: str, expected: str, received: object) -> WrongAnswer:
        context = f"{member}({about}) of the adapter {self.name!r} gave something else"
        hint = "See fanwise.adapters.protocol."
        return WrongAnswer(str(FanwiseError(expected, received, hint, context=context)))


def checked(adapter: Any, origin: str) -> Adapter:
    """Hold an object to the protocol.

    Args:
        adapter: what an entry point's function gave.
        origin: where it came from, for the message.

    Raises:
        FanwiseError: naming every member that is missing, or the first that is not as it
            should be.
    """
    members = tuple(dict.fromkeys(member for member, _, _ in _FORMS))
    missing = [name for name in members if not hasattr(adapter, name)]
    if missing:
        received = Phrase(f"{type(adapter).__name__} without {', '.join(missing)}")
        raise _unlike(origin, f"an adapter with {', '.join(members)}", received)
    for member, expected, holds in _FORMS:
        if not holds(getattr(adapter, member)):
            raise _unlike(origin, f"{expected} as {member}", getattr(adapter, member))
    for kind in adapter.layers:
        if kind not in LAYERS:
            raise _unlike(origin, "known kinds of layers", kind, did_you_mean(kind, LAYERS))
    return Checked(adapter)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _are_names(value: object) -> bool:
    return isinstance(value, tuple | list) and all(isinstance(name, str) for name in value)


def _name_each_once(axes: str) -> bool:
    return sorted(PATTERNS.get(axes, axes).split()) == ["*", "in", "out"]


#: What every member must be: its name, in words, and a test.
_FORMS: Final[tuple[tuple[str, str, Callable[[Any], bool]], ...]] = (
    ("name", "text", _is_text),
    ("axes", "text", _is_text),
    ("axes", "a pattern of in, out and '*' once each, such as 'out * in',", _name_each_once),
    ("deviations", "the text of a deviations.toml", _is_text),
    ("modes", "a tuple of names", _are_names),
    ("modes", "at least one name", bool),
    ("layers", "a tuple of names", _are_names),
    *((name, "a method", callable) for name in _METHODS),
)


def _unlike(
    origin: str, expected: str, received: object, hint: str = "See fanwise.adapters.protocol."
) -> FanwiseError:
    return FanwiseError(expected, received, hint, context=f"{origin} gives no adapter")
