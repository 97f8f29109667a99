"""Pickles, read as data: no name in them is looked up, and nothing that they ask for is called.

:mod:`pickle` cannot be held to that: its memo grows to any index that a pickle names, and hashing
a deep tuple as a key ends the process. Here names are :class:`Name`, dicts are lists of pairs, and
what a pickle calls is left to a function of the reader, which knows a few names and refuses the
others.
"""

from __future__ import annotations

import io
import pickletools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from fanwise.adapters.files.faults import broken, quoted

#: How many operations a pickle may take, and how much memory its values.
_MOST_STEPS: Final = 10_000_000
_MOST_MEMORY: Final = 160 << 20
#: What a value, and a reference to one, take about.
_VALUE, _REFERENCE = 120, 16

_CONSTANTS: Final[dict[str, Any]] = {
    "NONE": None,
    "NEWTRUE": True,
    "NEWFALSE": False,
    "EMPTY_TUPLE": (),
}
#: The operations whose argument is the value.
_LITERALS: Final = frozenset(
    {
        *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
        *("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE"),
        *("BINUNICODE8", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"),
    }
)
_WITHOUT_MEANING: Final = frozenset({"PROTO", "FRAME"})
_MARK: Final = object()


@dataclass(frozen=True)
class Name:
    """A name that a pickle refers to, which is not looked up.

    Attributes:
        module, name: as the pickle has them.
    """

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(eq=False)
class Pairs:
    """A dict of a pickle: its keys are not hashed.

    Attributes:
        items: keys and values, each pair of them a tuple; what a call made a dict of may hold
            anything else too.
    """

    items: list[Any] = field(default_factory=list)


@dataclass(eq=False)
class Instance:
    """An object of a class that the reader knows.

    Attributes:
        kind: its class.
        arguments: what it was made of.
        state: what was set on it afterwards.
    """

    kind: str
    arguments: tuple[Any, ...]
    state: Any = None


class Reader(Protocol):
    """What gives a pickle's names a meaning."""

    def call(self, name: Name, arguments: tuple[Any, ...]) -> Any:
        """Return what a call means; raise for a name that is not known."""
        ...

    def refer(self, name: Name) -> Any:
        """Return what a name stands for, the name itself where it will be called."""
        ...

    def persistent(self, key: Any) -> Any:
        """Return what is stored outside the pickle under a key."""
        ...


def unpickled(stream: io.BytesIO, reader: Reader) -> Any:
    """Read the pickle that begins at the place of a stream, which then is behind it.

    Raises:
        FanwiseError: for a pickle that is not right, takes too much memory or time, or refers to
            what the reader does not know.
    """
    return _Machine(reader).run(stream)


class _Machine:
    """The stack and the memo of a pickle that is read."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}
        self._memory = 0
        self._actions: dict[str, Callable[[], None]] = {
            "EMPTY_LIST": self._list,
            "EMPTY_DICT": self._dict,
            "EMPTY_SET": self._list,
            "APPEND": self._append,
            "APPENDS": self._appends,
            "ADDITEMS": self._appends,
            "SETITEM": self._set_item,
            "SETITEMS": self._set_items,
            "TUPLE": self._tuple,
            "TUPLE1": self._tuple_1,
            "TUPLE2": self._tuple_2,
            "TUPLE3": self._tuple_3,
            "LIST": self._marked_list,
            "FROZENSET": self._marked_list,
            "DICT": self._marked_dict,
            "POP": self._pop,
            "POP_MARK": self._pop_mark,
            "DUP": self._duplicate,
            "MARK": self._mark,
            "MEMOIZE": self._memoize,
            "STACK_GLOBAL": self._stack_global,
            "REDUCE": self._reduce,
            "NEWOBJ": self._reduce,
            "NEWOBJ_EX": self._reduce_keywords,
            "BUILD": self._build,
            "BINPERSID": self._persistent,
        }
        self._argued: dict[str, Callable[[Any], None]] = {
            "PUT": self._put,
            "BINPUT": self._put,
            "LONG_BINPUT": self._put,
            "GET": self._get,
            "BINGET": self._get,
            "LONG_BINGET": self._get,
            "GLOBAL": self._global,
            "PERSID": self._persistent_text,
        }

    def run(self, stream: io.BytesIO) -> Any:
        for step, (operation, argument, _) in enumerate(pickletools.genops(stream)):
            name = operation.name
            if step > _MOST_STEPS:
                raise broken(f"a pickle of at most {_MOST_STEPS} operations", "a longer one")
            if name in _LITERALS:
                self._push(argument, _length(argument))
            elif name in _CONSTANTS:
                self._push(_CONSTANTS[name], -_VALUE)
            elif name in self._actions:
                self._actions[name]()
            elif name in self._argued:
                self._argued[name](argument)
            elif name == "STOP":
                return self._taken()
            elif name not in _WITHOUT_MEANING:
                raise broken("an operation that files of tensors need", name)
        raise broken("a pickle that ends", "one that does not")

    def _spend(self, memory: int) -> None:
        self._memory += memory
        if self._memory > _MOST_MEMORY:
            raise broken(f"a pickle of values of at most {_MOST_MEMORY} bytes", "more")

    def _push(self, value: Any, memory: int = 0) -> None:
        self._spend(_VALUE + _REFERENCE + memory)
        self._stack.append(value)

    def _taken(self) -> Any:
        if not self._stack or self._stack[-1] is _MARK:
            raise broken("a value on the stack of the pickle", "none")
        return self._stack.pop()

    def _marked(self) -> list[Any]:
        """Take what lies above the last mark."""
        values: list[Any] = []
        while self._stack:
            value = self._stack.pop()
            if value is _MARK:
                self._spend(_REFERENCE * len(values))
                return values[::-1]
            values.append(value)
        raise broken("a mark on the stack of the pickle", "none")

    def _last(self, kind: type) -> Any:
        if not self._stack or not isinstance(self._stack[-1], kind):
            raise broken(f"a {kind.__name__} on the stack of the pickle", "something else")
        return self._stack[-1]

    def _list(self) -> None:
        self._push([])

    def _dict(self) -> None:
        self._push(Pairs(), _VALUE)

    def _append(self) -> None:
        value = self._taken()
        self._last(list).append(value)

    def _appends(self) -> None:
        values = self._marked()
        self._last(list).extend(values)

    def _set_item(self) -> None:
        value, key = self._taken(), self._taken()
        self._add_pairs([key, value])

    def _set_items(self) -> None:
        self._add_pairs(self._marked())

    def _add_pairs(self, values: list[Any]) -> None:
        if len(values) % 2:
            raise broken("a value for each key", "a key without one")
        self._spend(_VALUE * len(values))
        target = self._last(object)
        if isinstance(target, Pairs):
            target.items.extend(zip(values[::2], values[1::2], strict=True))
        elif not isinstance(target, Instance):
            raise broken("a dict on the stack of the pickle", "something else")

    def _tuple(self) -> None:
        self._push(tuple(self._marked()))

    def _tuple_1(self) -> None:
        self._push((self._taken(),))

    def _tuple_2(self) -> None:
        second, first = self._taken(), self._taken()
        self._push((first, second))

    def _tuple_3(self) -> None:
        third, second, first = self._taken(), self._taken(), self._taken()
        self._push((first, second, third))

    def _marked_list(self) -> None:
        self._push(self._marked())

    def _marked_dict(self) -> None:
        values = self._marked()
        self._push(Pairs())
        self._add_pairs(values)

    def _pop(self) -> None:
        if self._stack and self._stack[-1] is _MARK:
            self._stack.pop()
        else:
            self._taken()

    def _pop_mark(self) -> None:
        self._marked()

    def _duplicate(self) -> None:
        value = self._taken()
        self._stack.append(value)
        self._push(value)

    def _mark(self) -> None:
        self._push(_MARK, -_VALUE)

    def _put(self, argument: Any) -> None:
        # The memo is a dict, so that a large index takes no more than a small one.
        self._spend(_VALUE)
        self._memo[int(argument)] = self._last(object)

    def _memoize(self) -> None:
        self._put(len(self._memo))

    def _get(self, argument: Any) -> None:
        if int(argument) not in self._memo:
            raise broken("a value of the memo of the pickle", "none")
        self._push(self._memo[int(argument)], -_VALUE)

    def _global(self, argument: str) -> None:
        module, _, name = argument.partition(" ")
        self._push(self._reader.refer(Name(module, name)))

    def _stack_global(self) -> None:
        name, module = self._taken(), self._taken()
        if not (isinstance(name, str) and isinstance(module, str)):
            raise broken("a name in the pickle", "something else")
        self._push(self._reader.refer(Name(module, name)))

    def _reduce(self) -> None:
        arguments, name = self._taken(), self._taken()
        if not (isinstance(name, Name) and isinstance(arguments, tuple)):
            raise broken("a name that is called, and its arguments", quoted(type(name).__name__))
        self._push(self._reader.call(name, arguments))

    def _reduce_keywords(self) -> None:
        keywords = self._taken()
        if not isinstance(keywords, Pairs) or keywords.items:
            raise broken("a call without keywords", "one with them")
        self._reduce()

    def _build(self) -> None:
        state = self._taken()
        target = self._last(object)
        if isinstance(target, Instance):
            target.state = state

    def _persistent(self) -> None:
        self._push(self._reader.persistent(self._taken()))

    def _persistent_text(self, argument: Any) -> None:
        self._push(self._reader.persistent(argument))


def _length(value: Any) -> int:
    """Return how much memory a text, or bytes, may take."""
    return 4 * len(value) if isinstance(value, str | bytes | bytearray) else 0
