"""Which weights of a model hold what they are to hold: those that a checkpoint brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from torch import nn

from fanwise.adapters.missing_weights import check_names, missing_paths, settled
from fanwise.adapters.torch.drawing.loaded import MARK, is_guarded, is_loaded
from fanwise.adapters.torch.layers.state_names import (
    extra_state_names,
    missing_tensors,
    names_of_weight,
    state_names,
)
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.renaming import renamed

#: What loaders say of the weights that a checkpoint does not have, or has in another shape.
_MISSING: Final = "missing_keys"
_MISMATCHED: Final = "mismatched_keys"


def missing_names(told: Any) -> Any:
    """List the names in what a loader returned; what is no such thing is returned as it is.

    Args:
        told: the result of ``load_state_dict``, or transformers' loading information
            (``from_pretrained(..., output_loading_info=True)``), of which the weights of another
            shape count too.

    Raises:
        FanwiseError: for a dict that is no such information, e.g. the checkpoint itself, and for
            information with anything but lists.

    Examples:
        >>> missing_names({"missing_keys": ["head.weight"], "unexpected_keys": []})
        ['head.weight']
    """
    if not isinstance(told, Mapping):
        return getattr(told, _MISSING, told)
    if _MISSING not in told:
        hint = "Pass what load_state_dict(..., strict=False) returned, or a list of names."
        received = Phrase(f"a {type(told).__name__} without {_MISSING!r}")
        raise FanwiseError("what a loader returned as missing", received, hint)
    missing, mismatched = (told.get(key, ()) for key in (_MISSING, _MISMATCHED))
    check_names(missing, told)
    check_names(mismatched, told)
    names = [entry[0] if isinstance(entry, tuple) and entry else entry for entry in mismatched]
    return [*missing, *names]


def with_missing(
    model: nn.Module, weights: Sequence[TensorWeight], told: Any, new_names: Mapping[str, str]
) -> Sequence[TensorWeight]:
    """Settle all weights but those that a checkpoint did not bring.

    Args:
        model: that the weights are of.
        weights: all of its weights.
        told: names, or what a loader returned.
        new_names: those that a recipe gives to paths.

    Raises:
        FanwiseError: for names that the model does not have.
    """
    names = state_names(model)
    called = {
        renamed(stored.weight.path, new_names): (
            *(place.weight.path for place in stored.places),
            *names_of_weight(stored, names),
        )
        for stored in weights
    }
    known = {name for several in names.values() for name in several}
    others = known.union(extra_state_names(model))
    given = missing_names(told)
    check_names(given, given)
    listed = list(given)
    paths = set(missing_paths(listed, called, others))
    # A tensor that was brought under one of its names is not missing under the others.
    lacking = missing_tensors(model, known.intersection(listed))
    by_path = set(missing_paths([name for name in listed if name not in known], called, others))
    keeps = [
        path not in paths
        or (path not in by_path and not any(id(t) in lacking for t in stored.every_source()))
        for stored in weights
        for path in [renamed(stored.weight.path, new_names)]
    ]
    return settled(weights, keeps)


def with_loaded(weights: Sequence[TensorWeight]) -> Sequence[TensorWeight]:
    """Settle the weights that a library marks as loaded.

    Raises:
        FanwiseError: where these are all, unless the library itself is about to start a model.
    """
    marked = [bool(w.sources) and all(map(is_loaded, w.sources)) for w in weights]
    if marked and all(marked) and not is_guarded():
        hint = "Pass only='**' to draw them all the same, or name some of them with missing=."
        received = Phrase(f"weights that are all marked as loaded ({MARK})")
        raise FanwiseError("weights that are to be drawn", received, hint)
    return settled(weights, marked) if any(marked) else weights
