"""Inside ``torch.compile``: one opaque operation, which the compiler leaves as it is.

So the bits are those of eager code by construction, a model of a hundred layers takes no
longer to compile, and the core still draws the weights of a CPU. The compiler sees what is
asked for as text; that is read, and bad input raised, when the operation runs.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import torch
from torch import Tensor

from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.registry import SchemeLike, as_scheme, scheme
from fanwise.spec.scheme import Scheme

#: The seed goes in halves, beside the text: it may change without a new compilation.
_SCHEMA: Final = "(Tensor(a!) tensor, str text, SymInt? low, SymInt? high) -> ()"
_WORD: Final = 1 << 32


class Asked(NamedTuple):
    """What a compiled function asks for, read again when it runs."""

    scheme: Scheme
    seed: int | None
    path: str | None
    axes: str | None
    engine: str


def _constant(function: Callable[..., str]) -> Callable[..., str]:
    """Have the compiler call a function while it traces, and keep the result.

    That is ``torch.compiler.assume_constant_result``, without its import of the whole
    compiler, which takes seconds.
    """
    function._dynamo_marked_constant = True  # type: ignore[attr-defined]  # noqa: SLF001
    return function


@_constant
def scheme_text(name: str, params: dict[str, Any]) -> str:
    """Write a scheme, by name and parameters that nobody has looked at yet, as text."""
    return json.dumps([name, params], default=repr)


def split_seed(seed: Any) -> tuple[Any, Any]:
    """Return the two words of a seed that the compiler may see as a symbol; None for no integer."""
    return (seed % _WORD, seed // _WORD) if type(seed) is int else (None, None)


@_constant
def request_text(
    scheme_like: Any, seed: Any, path: Any, axes: Any, engine: Any, generator: Any
) -> str:
    """Write all that is asked for, but the tensor and an integer seed, as text."""
    if isinstance(scheme_like, Scheme):
        scheme_like = scheme_like.to_dict()
    asked = {"scheme": scheme_like, "seed": seed, "path": path, "axes": axes, "engine": engine}
    return json.dumps({**asked, "generator": generator}, default=repr)


def read(text: str, low: int | None, high: int | None) -> Asked:
    """Read what was asked for.

    Raises:
        FanwiseError: for an unknown scheme or bad parameters, and for a generator: what
            draws from one might be put into another order.
    """
    asked = json.loads(text)
    if asked.pop("generator"):
        hint = "Pass seed=, or initialize outside of the compiled function."
        raise FanwiseError("a seed in compiled code", Phrase("a generator"), hint)
    scheme = _scheme(asked["scheme"])
    seed = asked["seed"] if low is None or high is None else high * _WORD + low
    return Asked(scheme, seed, asked["path"], asked["axes"], asked["engine"])


def _scheme(scheme_like: SchemeLike | dict[str, Any]) -> Scheme:
    if isinstance(scheme_like, dict):
        return Scheme.from_dict(scheme_like)
    if isinstance(scheme_like, str) and scheme_like.startswith("["):
        name, params = json.loads(scheme_like)
        return scheme(name, **params)
    return as_scheme(scheme_like)


def init_operation(
    run: Callable[[Tensor, str, int | None, int | None], None],
) -> Callable[..., None]:
    """Make the operation ``fanwise::init_``, which alters its tensor and nothing else."""
    operation: Callable[..., None] = torch.library.custom_op(
        "fanwise::init_", run, mutates_args=("tensor",), schema=_SCHEMA
    )
    return operation
