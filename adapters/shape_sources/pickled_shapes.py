"""What ``jax.eval_shape`` returns, pickled, and read as data: nothing in the file is run."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from fanwise.adapters.files.faults import broken, explained, quoted
from fanwise.adapters.files.pickled_values import Instance, Name, Pairs
from fanwise.adapters.files.pickles import unpickled
from fanwise.adapters.files.sources import FileSource
from fanwise.adapters.shape_sources.valueless import valueless
from fanwise.adapters.stored_weights import StoredTensor

_LONGEST: Final = 1 << 26
_DEEPEST: Final = 100
_SHAPE: Final = "ShapeDtypeStruct"
_MODULES: Final = ("jax", "jax._src.core", "jax._src.api")
_SHAPES: Final = frozenset(f"{module}.{_SHAPE}" for module in _MODULES)
_DICTS: Final = frozenset(
    {"collections.OrderedDict", "builtins.dict", "flax.core.frozen_dict.FrozenDict"}
)
_DTYPE: Final = "numpy.dtype"
#: What NumPy calls the dtypes in pickles; those of ml_dtypes have the names of their types.
_CODES: Final = {"f2": "float16", "f4": "float32", "f8": "float64", "b1": "bool"} | {
    f"{code}{size}": f"{word}{8 * size}"
    for code, word in (("i", "int"), ("u", "uint"))
    for size in (1, 2, 4, 8)
}
_TYPES: Final = "ml_dtypes"
_HINT: Final = (
    "Pickle a tree of dicts, e.g. pickle.dump(jax.eval_shape(model.init, key, x), file); of an "
    "nnx model, nnx.to_pure_dict(nnx.state(abstract_model))."
)


def looks_pickled(head: bytes) -> bool:
    """Tell whether the first bytes of a file are those of a pickle."""
    return len(head) > 2 and head[0] == 0x80 and head[1] in range(2, 6)


def read_pickled_shapes(path: Path) -> dict[str, StoredTensor]:
    """Find the shapes of a pickled tree.

    Args:
        path: of the file, which is read as data.

    Raises:
        FanwiseError: where it holds anything but dicts of ``jax.ShapeDtypeStruct``.
    """
    with explained(path, "pickled shapes"):
        with contextlib.closing(FileSource(path)) as source:
            content = source.read(0, min(source.size, _LONGEST))
        tree = unpickled(io.BytesIO(content), _ShapeReader())
        tensors = {tensor.name: tensor for tensor in _tensors(tree, "", 0)}
        if not tensors:
            raise broken("shapes of arrays", "none", _HINT)
        return tensors


class _ShapeReader:
    """What the names of such a pickle mean."""

    def refer(self, name: Name) -> Any:
        """Return the name, if it is known."""
        if str(name) in (*_SHAPES, *_DICTS, _DTYPE) or name.module == _TYPES:
            return name
        raise broken("shapes alone", f"a reference to {quoted(name)}", _HINT)

    def call(self, name: Name, arguments: tuple[Any, ...]) -> Any:
        """Return the shape, dtype or dict that a call makes."""
        if str(name) in _SHAPES:
            return Instance(_SHAPE, ())
        if str(name) == _DTYPE and arguments:
            return Instance(_DTYPE, arguments[:1])
        if str(name) in _DICTS:
            return next((a for a in arguments if isinstance(a, Pairs)), Pairs())
        raise broken("shapes alone", f"a call of {quoted(name)}", _HINT)

    def persistent(self, key: Any) -> Any:
        """Refuse what is stored elsewhere."""
        del key
        raise broken("shapes alone", "a reference out of the pickle", _HINT)


def _tensors(tree: Any, prefix: str, depth: int) -> Iterator[StoredTensor]:
    if depth > _DEEPEST:
        raise broken(f"names of at most {_DEEPEST} parts", quoted(prefix))
    if isinstance(tree, Instance) and tree.kind == _SHAPE:
        facts = _facts(tree.state)
        yield valueless(prefix.removesuffix("/"), facts.get("shape"), _dtype(facts.get("dtype")))
        return
    items = tree.items if isinstance(tree, Pairs) else None
    if items is None and isinstance(tree, list | tuple):
        items = list(enumerate(tree))
    if items is None:
        raise broken("shapes in dicts and lists", quoted(type(tree).__name__), _HINT)
    for key, value in items:
        if not isinstance(key, str | int):
            raise broken("names as keys", quoted(type(key).__name__), _HINT)
        yield from _tensors(value, f"{prefix}{key}/", depth + 1)


def _facts(state: Any) -> dict[str, Any]:
    """Return what was set on a shape: its slots, or its attributes."""
    parts = state if isinstance(state, tuple) else (state,)
    return {
        key: value
        for part in parts
        if isinstance(part, Pairs)
        for key, value in part.items
        if isinstance(key, str)
    }


def _dtype(value: Any) -> str:
    match value:
        case Instance(kind=str(kind), arguments=(str(code),)) if kind == _DTYPE:
            return _CODES.get(code.lstrip("<>=|"), code)
        case Instance(kind=str(kind), arguments=(Name(module=module, name=name),)):
            return name if kind == _DTYPE and module == _TYPES else ""
        case Name(module=module, name=name) if module == _TYPES:
            return name
    return ""
