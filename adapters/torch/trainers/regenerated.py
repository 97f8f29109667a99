"""Frozen weights that no checkpoint holds: a scheme, a seed and a path are all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Self

import torch
from torch import Tensor, nn

from fanwise.adapters.torch.drawing.engines import Setting, Source, check_engine_draws, write
from fanwise.adapters.torch.drawing.tensors import DTYPES
from fanwise.core.keys import checked_seed
from fanwise.spec.axes import TORCH, checked_shape
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.registry import SchemeLike, as_scheme

#: The name of the buffer.
_NAME: Final = "weight"


class Regenerated(nn.Module):
    """Hold a random weight that never trains and is never saved, since it can be drawn again.

    Random projections that stay as they are (VeRA, RandLoRA, random features) make checkpoints
    large, and are saved only because they could not be had again on another machine. Here they
    can: the weight is drawn from the seed and the path wherever it is needed. ``state_dict`` does
    not have it. It is there after ``load_state_dict``, ``to_empty``, ``to(device)``,
    ``copy.deepcopy``, ``torch.load`` of a module and ``from_pretrained`` of transformers, with the
    values that the scheme has in the dtype it has by then. A checkpoint that holds it all the same
    is compared with it; of a tensor that is set in its place, device and dtype alone are taken.

    Args:
        scheme: a scheme or its name.
        shape: of the weight.
        seed: 0 ≤ seed < 2⁶⁴.
        path: of the weight in its model; every path has a stream of its own.
        axes: the role of each axis; None for the scheme's own, or else ``"torch"``.
        dtype: float16, bfloat16, float32 or float64; None is torch's default one.
        device: where it is; on the meta device it is drawn when it gets memory.

    Attributes:
        weight: the weight, a buffer.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import fanwise
        >>> shared = Regenerated("kaiming_uniform", (4, 64), seed=0, path="vera/A")
        >>> shared.state_dict()
        OrderedDict()
        >>> alone = fanwise.sample("kaiming_uniform", (4, 64), seed=0, path="vera/A", axes="torch")
        >>> bool((shared().numpy() == alone).all())
        True

    Reference: Kopiczko et al. 2023, VeRA, arXiv:2310.11454, section 3.2.
    """

    weight: Tensor

    def __init__(
        self,
        scheme: SchemeLike,
        shape: Sequence[int],
        seed: int,
        path: str,
        *,
        axes: str | None = None,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> None:
        super().__init__()
        self.scheme = as_scheme(scheme)
        self.seed, self.path, self.axes = checked_seed(seed), path, axes
        if not isinstance(path, str):
            hint = "Pass its path in the model, e.g. 'vera/A': every weight needs its own."
            raise FanwiseError("a path", path, hint)
        dtype = torch.get_default_dtype() if dtype is None else dtype
        if dtype not in DTYPES:
            hint = "Choose torch.float16, bfloat16, float32 or float64."
            raise FanwiseError("a floating dtype", Phrase(str(dtype)), hint)
        empty = torch.empty(checked_shape(shape), dtype=dtype, device=device)
        self.register_buffer(_NAME, self._drawn(empty), persistent=False)

    def forward(self) -> Tensor:
        """Return the weight."""
        return self.weight

    def extra_repr(self) -> str:
        """Return what the weight is drawn by."""
        return f"{self.scheme}, {tuple(self.weight.shape)}, seed={self.seed}, path={self.path!r}"

    def _drawn(self, memory: Tensor) -> Tensor:
        """Draw the weight into memory; on the meta device there is nothing to write."""
        # Two modules of one seed and path are meant to hold the same: no stream is noted.
        setting = Setting.of(memory, self.scheme, path=self.path, axes=self.axes or self._own_axes)
        source = Source(self.seed)
        check_engine_draws(setting, source)
        with torch.no_grad():
            write((setting,), source)
        return memory

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute; a weight is drawn where the tensor that is set in its place is."""
        # So do libraries that build on the meta device: what they set is memory with nothing in it.
        if (
            name == _NAME
            and isinstance(value, Tensor)
            and name in self.__dict__.get("_buffers", ())
        ):
            if value.shape != self.weight.shape:
                hint = "Its values are drawn; set a tensor of its shape to move or convert it."
                shape = Phrase(str(tuple(value.shape)))
                raise FanwiseError(f"a tensor of shape {tuple(self.weight.shape)}", shape, hint)
            if value.dtype in DTYPES:
                value = self._drawn(torch.empty_like(value, requires_grad=False))
        super().__setattr__(name, value)

    @property
    def _own_axes(self) -> str:
        return self.scheme.pattern(None, TORCH)

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:  # noqa: FBT001, FBT002 (torch's)
        """Move or convert the weight: what comes out is drawn where it is by then."""
        before = self.weight
        super()._apply(fn, recurse)
        if self.weight is not before and self.weight.dtype in DTYPES:
            self._drawn(self.weight)
        return self

    def _load_from_state_dict(
        self, state_dict: Any, prefix: str, local_metadata: Any, *others: Any
    ) -> None:
        # Of checkpoints from before, which hold the weight.
        held = state_dict.pop(prefix + _NAME, None)
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *others)
        if self.weight.is_meta and local_metadata.get("assign_to_params_buffers", False):
            # The other weights get the checkpoint's own memory, with no to_empty before or after.
            there = (held, *state_dict.values())
            tensor = next((each for each in there if isinstance(each, Tensor)), None)
            device = torch.device("cpu") if tensor is None else tensor.device
            self.weight = torch.empty_like(self.weight, device=device)
        if held is None or self.weight.is_meta:
            return
        if held.shape != self.weight.shape or not self._equals(held):
            others[-1].append(
                f"{prefix}{_NAME} in the checkpoint is not what {self.extra_repr()} draws. "
                "Make it by the seed and the path that the checkpoint was trained with."
            )

    def _equals(self, held: Tensor) -> bool:
        """Tell whether a tensor of a checkpoint holds the weight, in its own dtype."""
        drawn = self.weight
        if held.dtype is not drawn.dtype and held.dtype in DTYPES:
            drawn = self._drawn(torch.empty_like(drawn, dtype=held.dtype))
        return bool(torch.equal(held.to(drawn), drawn))

    def __getstate__(self) -> dict[str, Any]:
        """Leave the weight's values out of what is pickled."""
        state = self.__dict__.copy()
        state["_buffers"] = {**state["_buffers"], _NAME: self.weight.to("meta")}
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Draw the weight again, on the CPU."""
        super().__setstate__(state)
        self._buffers[_NAME] = self._drawn(torch.empty_like(self.weight, device="cpu"))

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return a copy on the same device."""
        new = type(self)(
            self.scheme,
            tuple(self.weight.shape),
            self.seed,
            self.path,
            axes=self.axes,
            dtype=self.weight.dtype,
            device=self.weight.device,
        )
        memo[id(self)] = new
        new.train(self.training)
        return new
