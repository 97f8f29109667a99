"""What initializing code draws and writes, seen while it runs; nothing of the process changes.

Every operation of torch passes by here. What is random is drawn from a generator of our own. Only
tensors that were made for the purpose are written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from fanwise.adapters.torch.layers.operations import (
    arguments_of,
    clear,
    is_view,
    key_of,
    operation_name,
    tensors_in,
    written_by,
)
from fanwise.adapters.torch.layers.other_numbers import OtherNumbers
from fanwise.adapters.torch.layers.recorded_contents import (
    content_in_view,
    made_content,
    result_content,
    written_content,
)
from fanwise.adapters.torch.layers.recorded_laws import (
    Content,
    Copied,
    DrawnLaw,
    DrawnValues,
    Unreadable,
)

#: No code that starts a model takes so many steps, and so many for each of its tensors; one that
#: draws until something fits may.
_MOST_STEPS: Final = 20_000
_STEPS_EACH: Final = 1_000
#: Functions that draw by many steps: cut normals, by their usual name, and orthogonal matrices.
_CUT_NORMALS: Final = frozenset({"trunc_normal_", "_trunc_normal_", "_no_grad_trunc_normal_"})
_ORTHOGONAL: Final = torch.nn.init.orthogonal_.__code__
_TO_NUMBER: Final = "aten::_local_scalar_dense"
#: Operations that draw into new tensors, by the law of what they draw.
_DRAWING: Final = {
    "aten::rand": DrawnLaw("uniform", low=0.0, high=1.0),
    "aten::rand_like": DrawnLaw("uniform", low=0.0, high=1.0),
    "aten::randn": DrawnLaw("normal"),
    "aten::randn_like": DrawnLaw("normal"),
}


class UnreadableCodeError(Exception):
    """Code that does what cannot be followed, or what it is not to do."""


class LawRecorder(TorchDispatchMode):
    """Follows what code writes into tensors.

    Attributes:
        doubted: keys of tensors about which what was read may be wrong, if their values differ.
    """

    def __init__(self) -> None:
        super().__init__()
        self.doubted: set[int] = set()
        self._generator = torch.Generator().manual_seed(0)
        self._contents: dict[int, Content] = {}
        self._written: set[int] = set()
        self._unset: set[int] = set()
        #: All tensors that may be written; kept, so that no other one takes their place.
        self._tensors: dict[int, Tensor] = {}
        self._steps = 0
        self._most_steps = _MOST_STEPS

    def add(self, tensor: Tensor) -> None:
        """Allow a tensor to be written."""
        self._tensors.setdefault(key_of(tensor), tensor)

    def add_unset(self, tensor: Tensor) -> None:
        """Allow a tensor to be written that holds nothing yet."""
        self.add(tensor)
        self._most_steps += _STEPS_EACH
        self._unset.add(key_of(tensor))
        clear(tensor)
        if not tensor.is_floating_point():
            self._contents[key_of(tensor)] = Unreadable("what nobody has set")

    def is_written(self, tensor: Tensor) -> bool:
        """Tell whether code has written into a tensor, or made it."""
        return key_of(tensor) in self._written or key_of(tensor) not in self._unset

    def content(self, tensor: Tensor) -> Content:
        """Return what a tensor holds; None for what follows from no chance."""
        return self._contents.get(key_of(tensor))

    def set_content(self, tensor: Tensor, content: Content) -> None:
        """Say what a tensor holds."""
        self._written.add(key_of(tensor))
        self._contents[key_of(tensor)] = content

    def take_over(self, tensor: Tensor, other: Tensor) -> None:
        """Take what a tensor holds from another one of its shape."""
        content = self._shown(other)
        if content is None and not tensor.is_meta and not other.is_meta:
            tensor.detach().copy_(other.detach())
        elif content is None:
            content = Unreadable("values that are not there") if other.is_meta else Copied(other)
        self.set_content(tensor, content)

    @contextmanager
    def running(self, *, is_plain: bool = False) -> Iterator[set[int]]:
        """Follow what is run; what is written before an error holds nothing that can be read.

        Args:
            is_plain: whether it is arithmetic, which draws no other random numbers.

        Yields:
            The keys of what is being written.
        """
        before, self._written = self._written, set()
        profile, dtype = sys.getprofile(), torch.get_default_dtype()
        numbers = None if is_plain else OtherNumbers()
        try:
            with torch.no_grad(), self:
                sys.setprofile(self._see_return)
                try:
                    yield self._written
                finally:
                    _set_profile(profile)
        except (Exception, SystemExit) as error:
            self._forget(f"{type(error).__name__} in its code")
            raise
        finally:
            torch.set_default_dtype(dtype)
            if numbers is not None and numbers.restore():
                self._forget("random numbers that are not torch's")
            self._written |= before

    def _forget(self, why: str) -> None:
        self._contents.update(dict.fromkeys(self._written, Unreadable(why)))

    def __torch_dispatch__(
        self,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Run an operation, and follow it."""
        self._steps += 1
        if self._steps > self._most_steps:
            raise UnreadableCodeError("no end")
        given = dict(kwargs or {})
        targets = written_by(func, args, given)
        if any(key_of(target) not in self._tensors for target in targets):
            raise UnreadableCodeError("a tensor that is not its own")
        if torch.Tag.nondeterministic_seeded in func.tags:
            return self._draw(func, args, given)
        contents = self._contents_of(args, given)
        is_drawn = any(content is not None for content in contents)
        if is_drawn and operation_name(func) == _TO_NUMBER and args[0].is_floating_point():
            raise UnreadableCodeError("a number that is drawn")
        out = func(*args, **given)
        for target in targets:
            self._write(target, written_content(func, args, given, contents, target))
        if not targets and not is_view(func):
            for tensor in tensors_in(out):
                self.add(tensor)
                if is_drawn:
                    content = result_content(func, args, given, contents)
                else:
                    content = made_content(func, args, given, tensor)
                self._contents[key_of(tensor)] = content
        return out

    def _contents_of(self, args: tuple[Any, ...], given: Mapping[str, Any]) -> list[Content]:
        """List what the arguments hold, then what those that are in lists do."""
        items = (*args, *given.values())
        contents = [self._shown(i) if isinstance(i, Tensor) else None for i in items]
        listed = (t for item in items if isinstance(item, list | tuple) for t in tensors_in(item))
        return contents + [self._shown(tensor) for tensor in listed]

    def _shown(self, tensor: Tensor) -> Content:
        """Return what a tensor shows of its memory, which it may be a view of."""
        return content_in_view(self.content(tensor), tensor)

    def _write(self, target: Tensor, content: Content) -> None:
        key = key_of(target)
        self._written.add(key)
        former = self._contents.get(key)
        is_whole = target.numel() * target.itemsize == target.untyped_storage().nbytes()
        if not is_whole and (content is not None or former is not None or target.is_meta):
            content = Unreadable("what is written in parts")
        self._contents[key] = content

    def _draw(self, func: Any, args: tuple[Any, ...], given: Mapping[str, Any]) -> Any:
        """DrawnValues from a generator of our own, and remember the law."""
        name = operation_name(func)
        bound = arguments_of(func, args, given)
        if name in ("aten::normal_", "aten::uniform_"):
            target = args[0]
            if name == "aten::normal_":
                law = DrawnLaw("normal", float(bound["mean"]), float(bound["std"]))
            else:
                law = DrawnLaw("uniform", low=float(bound["from"]), high=float(bound["to"]))
            self._fill(target, law)
            self._write(target, DrawnValues(law, tuple(target.shape)))
            return target
        drawn = _DRAWING.get(name)
        if name == "aten::normal" and "size" in bound:
            drawn = DrawnLaw("normal", float(bound["mean"]), float(bound["std"]))
        if drawn is None:
            raise UnreadableCodeError(f"a draw by {name}")
        like = bound.get("self")
        places = {key: bound.get(key) for key in ("dtype", "device") if bound.get(key) is not None}
        out = torch.empty(bound["size"], **places) if like is None else torch.empty_like(like)
        self.add(out)
        self._fill(out, drawn)
        self._contents[key_of(out)] = DrawnValues(drawn, tuple(out.shape))
        return out

    def _fill(self, tensor: Tensor, law: DrawnLaw) -> None:
        if tensor.is_cpu and tensor.is_floating_point():
            if law.kind == "normal":
                tensor.normal_(law.mean, law.std, generator=self._generator)
            else:
                tensor.uniform_(law.low, law.high, generator=self._generator)
        elif not tensor.is_meta:
            raise UnreadableCodeError("a draw on a device")

    def _see_return(self, frame: FrameType, event: str, _: Any) -> None:
        """Note what a function has drawn by many steps, when it returns."""
        code = frame.f_code
        if event != "return" or (code.co_name not in _CUT_NORMALS and code is not _ORTHOGONAL):
            return
        given = frame.f_locals
        tensor = given.get("tensor")
        if not isinstance(tensor, Tensor) or key_of(tensor) not in self._tensors:
            return
        if code is _ORTHOGONAL:
            law = DrawnLaw("orthogonal", std=float(given["gain"]))
        elif {"mean", "std", "a", "b"} <= given.keys():
            numbers = (float(given[name]) for name in ("mean", "std", "a", "b"))
            law = DrawnLaw.cut(*numbers)
        else:
            return
        self._write(tensor, DrawnValues(law, tuple(tensor.shape)))


def _set_profile(profile: Any) -> None:
    """Set what watches calls, as it was: a function, or a profiler of C's that is none."""
    if profile is None or callable(profile):
        sys.setprofile(profile)
    else:
        sys.setprofile(None)
        profile.enable()
