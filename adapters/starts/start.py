"""A whole start, before any of it is drawn: what a recipe makes of a model's tensors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from fanwise.adapters.starts.start_tensors import StartTensor
from fanwise.spec.axes import IN, OUT, Layout, checked_shape, layout
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.recipe import Recipe

#: The names of the tensors are those of the model, and so are their shapes.
NAMES: Final = "names"
#: The names are canonical paths, and the axes in canonical order: the same in every framework.
CANONICAL: Final = "canonical"
FORMS: Final = (NAMES, CANONICAL)


@dataclass(frozen=True)
class StartWeight:
    """What a start says of one weight.

    Attributes:
        path: canonical.
        shape: as the recipe saw it; in the canonical form in canonical order.
        axes: the role of each of these axes.
        role, kind, groups: as the recipe saw them.
        tensors: the names of those that it lies in.
        scheme: what is drawn, as data; None where it is copied.
        rule: the number of the recipe's rule; 0 for what starts so by itself.
        zero_row: the row of its first axis that is zero, whatever is drawn; None for none.
        groups_on: of a grouped convolution, in the canonical form, the role of the axis that holds
            all groups, since the order of the axes does not tell it; None where it is not told.
        first_in: of a bilinear layer, the first of its two numbers of inputs.
        batch: of a weight of batches of which its layer has one alone, as some recurrent cells have
            the bias of one gate, the number of that batch; None where it has the whole.
    """

    path: str
    shape: tuple[int, ...]
    axes: str
    role: str
    kind: str
    groups: int
    tensors: tuple[str, ...]
    scheme: Mapping[str, Any] | None = None
    rule: int | None = None
    zero_row: int | None = None
    groups_on: str | None = None
    first_in: int | None = None
    batch: int | None = None

    @property
    def layout(self) -> Layout:
        """How its axes lie, with the one that holds its groups where that is told."""
        laid_out = layout(self.shape, self.axes)
        return replace(laid_out, groups_on=self.groups_on or laid_out.groups_on)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "path": self.path,
            "shape": list(self.shape),
            "axes": self.axes,
            "role": self.role,
            "kind": self.kind,
            "groups": self.groups,
            "tensors": list(self.tensors),
            "scheme": None if self.scheme is None else dict(self.scheme),
            "rule": self.rule,
            **{name: value for name, value in self._optional().items() if value is not None},
        }

    def _optional(self) -> dict[str, Any]:
        """Return what few weights have, and what older descriptions lack."""
        return {
            "zero_row": self.zero_row,
            "groups_on": self.groups_on,
            "first_in": self.first_in,
            "batch": self.batch,
        }

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        """Read what :meth:`to_dict` gave.

        Raises:
            FanwiseError: for data of another form.
        """
        match data:
            case {
                "path": str(path),
                "shape": list(shape),
                "axes": str(axes),
                "role": str(role),
                "kind": str(kind),
                "groups": int(groups),
                "tensors": list(tensors),
                "scheme": dict() | None as scheme,
                "rule": int() | None as rule,
            } if tensors and all(isinstance(name, str) for name in tensors):
                sizes, names = checked_shape(shape), tuple(tensors)
                told = [data.get(name) for name in ("zero_row", "groups_on", "first_in", "batch")]
                if _are_possible(sizes, *told):
                    return cls(path, sizes, axes, role, kind, groups, names, scheme, rule, *told)
        hint = "Write the start again."
        raise FanwiseError("what is said of a weight of a start", Phrase("something else"), hint)


def _are_possible(
    shape: tuple[int, ...], row: Any, groups_on: Any, first_in: Any, batch: Any
) -> bool:
    """Tell whether what few weights have can be of a weight of this shape."""
    are_rows = all(
        number is None or (type(number) is int and shape and 0 <= number < shape[0])
        for number in (row, batch)
    )
    is_count = first_in is None or (type(first_in) is int and first_in >= 0)
    return bool(are_rows and is_count and groups_on in (None, IN, OUT))


@dataclass(frozen=True)
class ModelStart:
    """What a recipe and a seed make of a model.

    Attributes:
        tensors: what a file of it holds, in order.
        weights: what is known of each weight.
        recipe: with its variables as they were given.
        seed: of all of it.
        form: ``"names"`` or ``"canonical"``.
        framework: whose names the tensors have; ``""`` for canonical ones.
        ties: further names of tensors, each with the one that it is tied to.
        left_out: what the model has and the file has not.
    """

    tensors: tuple[StartTensor, ...]
    weights: tuple[StartWeight, ...]
    recipe: Recipe
    seed: int
    form: str
    framework: str
    ties: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def nbytes(self) -> int:
        """The number of bytes of all tensors."""
        return sum(tensor.nbytes for tensor in self.tensors)

    @property
    def elements(self) -> int:
        """The number of elements of all tensors."""
        return sum(tensor.size for tensor in self.tensors)

    def tensor(self, name: str) -> StartTensor:
        """Return a tensor by its name."""
        return next(tensor for tensor in self.tensors if tensor.name == name)
