"""The stack of a pickle that is read as data, with a bound on the memory of its values."""

from __future__ import annotations

from typing import Any, Final

from fanwise.adapters.files.faults import broken

_MOST_MEMORY: Final = 160 << 20
#: What a value, and a reference to one, take about.
VALUE: Final = 120
_REFERENCE: Final = 16
MARK: Final = object()


class PickleStack:
    """What lies on the stack, and how much memory all that was ever put there takes."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._memory = 0

    def spend(self, memory: int) -> None:
        """Count memory, and refuse to take more than a pickle should."""
        self._memory += memory
        if self._memory > _MOST_MEMORY:
            raise broken(f"a pickle of values of at most {_MOST_MEMORY} bytes", "more")

    def push(self, value: Any, memory: int = 0) -> None:
        """Put a value on the stack, which takes so much more memory than most."""
        self.spend(VALUE + _REFERENCE + memory)
        self._stack.append(value)

    def taken(self) -> Any:
        """Take the value that lies uppermost."""
        if not self._stack or self._stack[-1] is MARK:
            raise broken("a value on the stack of the pickle", "none")
        return self._stack.pop()

    def marked(self) -> list[Any]:
        """Take what lies above the last mark."""
        values: list[Any] = []
        while self._stack:
            value = self._stack.pop()
            if value is MARK:
                self.spend(_REFERENCE * len(values))
                return values[::-1]
            values.append(value)
        raise broken("a mark on the stack of the pickle", "none")

    def drop(self) -> None:
        """Take the uppermost value, or mark, away."""
        if not self._stack:
            raise broken("a value on the stack of the pickle", "none")
        self._stack.pop()

    def last(self, kind: type) -> Any:
        """Return the value that lies uppermost, of a type, and leave it there."""
        if not self._stack or not isinstance(self._stack[-1], kind):
            raise broken(f"a {kind.__name__} on the stack of the pickle", "something else")
        return self._stack[-1]
