"""Values of options that have a type: each wrong one is told in one way."""

from __future__ import annotations

import enum
import inspect
import re
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

from fanwise.spec.errors import FanwiseError, did_you_mean

#: A whole number as people write it; Python takes more for one, such as 1_0.
_WHOLE: Final = re.compile(r"-?[0-9]{1,1000}")


def check_typed(
    callback: Callable[..., Any], options: Mapping[str, Any], flags: Mapping[str, str], hint: str
) -> None:
    """Raise for a value that is not of its option's type.

    Args:
        callback: the function of the command, whose annotations are the types.
        options: the texts that were given, by the names of the function's arguments.
        flags: how each of these is written, e.g. ``--seed``.
        hint: where to read on.

    Raises:
        FanwiseError: naming the option, with the value.
    """
    told = get_type_hints(inspect.unwrap(callback), include_extras=True)
    for name, value in options.items():
        if name in flags and isinstance(value, str):
            for kind, least in _kinds(told.get(name)):
                _check(value, kind, least, flags[name], hint)


def _check(value: str, kind: type, least: int | None, flag: str, hint: str) -> None:
    if issubclass(kind, enum.Enum):
        choices = [str(choice.value) for choice in kind]
        if value not in choices:
            mended = f"{did_you_mean(value, choices)} {hint}".strip()
            raise FanwiseError(f"one of {', '.join(choices)} as {flag}", value, mended)
    elif kind is int and not (_WHOLE.fullmatch(value) and (least is None or int(value) >= least)):
        least_text = "" if least is None else f" from {least}"
        example = f"Write e.g. {flag} {max(least or 0, 0)}. {hint}"
        raise FanwiseError(f"a whole number{least_text} as {flag}", value, example)


def _kinds(annotation: Any) -> Iterator[tuple[type, int | None]]:
    """Give the types that an annotation allows, each with the least value of it."""
    least = None
    if get_origin(annotation) is Annotated:
        annotation, *extras = get_args(annotation)
        least = next((extra.min for extra in extras if hasattr(extra, "min")), None)
    is_union = get_origin(annotation) in (Union, types.UnionType)
    for kind in get_args(annotation) if is_union else (annotation,):
        if isinstance(kind, type) and kind is not type(None):
            yield kind, least
