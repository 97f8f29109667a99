"""The docstrings of the initializers that draw a scheme of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fanwise.adapters.signatures import example_arguments, example_path, example_shape
from fanwise.spec.entries import Entry

_DOC: Final = """{summary}

It draws the scheme ``{scheme}``.

Args:
{arguments}
Raises:
    FanwiseError: for bad input.

Examples:
{example}

References:
    {reference}
"""
_OF_A_LAYER: Final = """    >>> import keras
    >>> from fanwise.keras import {name}
    >>> initializer = {name}({call})
    >>> layer = keras.layers.{layer}, kernel_initializer=initializer)
    >>> layer.build({inputs})
    >>> tuple(layer.kernel.shape)
    {shape}"""
#: Of a scheme that is not for the kernel of any layer.
_OF_A_SHAPE: Final = """    >>> from fanwise.keras import {name}
    >>> initializer = {name}({call})
    >>> tuple(initializer({shape}).shape)
    {shape}"""


def initializer_text(
    name: str, entry: Entry, parameters: Sequence[str], *, summary: str = "", seeded: bool = True
) -> str:
    """Return the docstring of an initializer.

    Args:
        name: of its class.
        entry: of the scheme that it draws.
        parameters: those of the constructor, in their order.
        summary: what it is, where the catalogue's words for the scheme are not enough.
        seeded: whether it draws anything.
    """
    own = [key for key in parameters if key in entry.parameters]
    others = ", ".join(key for key in parameters if key not in entry.parameters)
    like = "VarianceScaling" if "input_axes" in parameters else "SchemeInitializer"
    lines = [f"    {key}: {entry.parameters[key].summary}.\n" for key in own]
    shape = example_shape(entry)
    of_convolution = len(shape) > 2
    example = (_OF_A_LAYER if entry.shape is None else _OF_A_SHAPE).format(
        name=name,
        call=example_arguments(entry) + f'seed=0, path="{example_path(entry)}"'
        if seeded
        else example_arguments(entry).removesuffix(", "),
        layer="Conv2D(16, 3" if of_convolution else "Dense(16",
        inputs=(None, 32, 32, 8) if of_convolution else (None, 8),
        shape=shape,
    )
    return _DOC.format(
        summary=summary or entry.summary,
        scheme=entry.name,
        arguments="".join([*lines, f"    {others}: as in :class:`{like}`.\n"]),
        example=example,
        reference=entry.reference,
    )
