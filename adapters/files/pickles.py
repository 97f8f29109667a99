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
from typing import Any, Final

from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.pickle_stack import MARK, VALUE, PickleStack
from fanwise.adapters.files.pickled_values import Instance, Name, Pairs, Reader

#: How many operations a pickle may take.
_MOST_STEPS: Final = 10_000_000

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


def unpickled(stream: io.BytesIO, reader: Reader) -> Any:
    """Read the pickle that begins at the place of a stream, which then is behind it.

    Raises:
        FanwiseError: for a pickle that is not right, takes too much memory or time, or refers to
            what the reader does not know.
    """
    return _Machine(reader).run(stream)


class _Machine:
    """Does what the operations of a pickle say."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._stack = PickleStack()
        self._memo: dict[int, Any] = {}
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
            "POPMARK": self._pop_mark,
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
                self._stack.push(argument, _length(argument))
            elif name in _CONSTANTS:
                self._stack.push(_CONSTANTS[name], -VALUE)
            elif name in self._actions:
                self._actions[name]()
            elif name in self._argued:
                self._argued[name](argument)
            elif name == "STOP":
                return self._stack.taken()
            elif name not in _WITHOUT_MEANING:
                raise broken("an operation that files of tensors need", name)
        raise broken("a pickle that ends", "one that does not")

    def _list(self) -> None:
        self._stack.push([])

    def _dict(self) -> None:
        self._stack.push(Pairs(), VALUE)

    def _append(self) -> None:
        value = self._stack.taken()
        self._stack.last(list).append(value)

    def _appends(self) -> None:
        values = self._stack.marked()
        self._stack.last(list).extend(values)

    def _set_item(self) -> None:
        value, key = self._stack.taken(), self._stack.taken()
        self._add_pairs([key, value])

    def _set_items(self) -> None:
        self._add_pairs(self._stack.marked())

    def _add_pairs(self, values: list[Any]) -> None:
        if len(values) % 2:
            raise broken("a value for each key", "a key without one")
        self._stack.spend(VALUE * len(values))
        target = self._stack.last(object)
        if isinstance(target, Pairs):
            target.items.extend(zip(values[::2], values[1::2], strict=True))
        elif not isinstance(target, Instance):
            raise broken("a dict on the stack of the pickle", "something else")

    def _tuple(self) -> None:
        self._stack.push(tuple(self._stack.marked()))

    def _tuple_1(self) -> None:
        self._stack.push((self._stack.taken(),))

    def _tuple_2(self) -> None:
        second, first = self._stack.taken(), self._stack.taken()
        self._stack.push((first, second))

    def _tuple_3(self) -> None:
        third, second, first = self._stack.taken(), self._stack.taken(), self._stack.taken()
        self._stack.push((first, second, third))

    def _marked_list(self) -> None:
        self._stack.push(self._stack.marked())

    def _marked_dict(self) -> None:
        values = self._stack.marked()
        self._stack.push(Pairs())
        self._add_pairs(values)

    def _pop(self) -> None:
        self._stack.drop()

    def _pop_mark(self) -> None:
        self._stack.marked()

    def _duplicate(self) -> None:
        self._stack.push(self._stack.last(object))

    def _mark(self) -> None:
        self._stack.push(MARK, -VALUE)

    def _put(self, argument: Any) -> None:
        # The memo is a dict, so that a large index takes no more than a small one.
        self._stack.spend(VALUE)
        self._memo[int(argument)] = self._stack.last(object)

    def _memoize(self) -> None:
        self._put(len(self._memo))

    def _get(self, argument: Any) -> None:
        if int(argument) not in self._memo:
            raise broken("a value of the memo of the pickle", "none")
        self._stack.push(self._memo[int(argument)], -VALUE)

    def _global(self, argument: str) -> None:
        module, _, name = argument.partition(" ")
        self._stack.push(self._reader.refer(Name(module, name)))

    def _stack_global(self) -> None:
        name, module = self._stack.taken(), self._stack.taken()
        if not (isinstance(name, str) and isinstance(module, str)):
            raise broken("a name in the pickle", "something else")
        self._stack.push(self._reader.refer(Name(module, name)))

    def _reduce(self) -> None:
        arguments, name = self._stack.taken(), self._stack.taken()
        if not (isinstance(name, Name) and isinstance(arguments, tuple)):
            raise broken("a name that is called, and its arguments", quoted(type(name).__name__))
        self._stack.push(self._reader.call(name, arguments))

    def _reduce_keywords(self) -> None:
        keywords = self._stack.taken()
        if not isinstance(keywords, Pairs) or keywords.items:
            raise broken("a call without keywords", "one with them")
        self._reduce()

    def _build(self) -> None:
        state = self._stack.taken()
        target = self._stack.last(object)
        if isinstance(target, Instance):
            target.state = state

    def _persistent(self) -> None:
        self._stack.push(self._reader.persistent(self._stack.taken()))

    def _persistent_text(self, argument: Any) -> None:
        self._stack.push(self._reader.persistent(argument))


def _length(value: Any) -> int:
    """Return how much memory a text, or bytes, may take."""
    return 4 * len(value) if isinstance(value, str | bytes | bytearray) else 0
