"""A whole start, before any of it is drawn: what a recipe makes of a model's tensors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from fanwise.adapters.starts.start_tensors import StartTensor
from fanwise.spec.axes import checked_shape
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
                sizes = checked_shape(shape)
                return cls(path, sizes, axes, role, kind, groups, tuple(tensors), scheme, rule)
        hint = "Write the start again."
        raise FanwiseError("what is said of a weight of a start", Phrase("something else"), hint)


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
