"""Which weights of a model hold what they are to hold: those that a checkpoint brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from torch import nn

from fanwise.adapters.missing_weights import missing_paths
from fanwise.adapters.torch.layers.state_names import (
    extra_state_names,
    names_of_weight,
    state_names,
)
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.renaming import renamed

#: How transformers marks the parameters that it has loaded, for its own initialization. What it
#: has only built is not marked; its modules are, either way.
_MARK: Final = "_is_hf_initialized"


def settled_weights(
    model: nn.Module, weights: Sequence[TensorWeight], missing: Any, names: Mapping[str, str]
) -> Sequence[TensorWeight]:
    """Mark the weights that a checkpoint brought, so that they are left alone.

    Args:
        model: that the weights are of.
        weights: all of its weights.
        missing: what the checkpoint did not bring; None for what the model itself tells.
        names: those that a recipe gives to paths.

    Raises:
        FanwiseError: for a missing name that the model does not have, and for a model of which
            all is marked.
    """
    if missing is None:
        settled = [stored for stored in weights if _is_marked(stored)]
        if settled and len(settled) == len(weights):
            hint = 'Pass only="**" to draw them all the same, or missing= to name some.'
            received = Phrase("a model whose weights are all marked as loaded")
            raise FanwiseError("a weight that is to be drawn", received, hint)
    else:
        paths = missing_paths(missing, _known_names(model, weights, names))
        settled = [stored for stored in weights if stored.weight.path not in paths]
    keys = set(map(id, settled))
    return [
        replace(stored, weight=replace(stored.weight, is_settled=True))
        if id(stored) in keys
        else stored
        for stored in weights
    ]


def _is_marked(stored: TensorWeight) -> bool:
    sources = stored.sources
    return bool(sources) and all(getattr(source, _MARK, False) is True for source in sources)


def _known_names(
    model: nn.Module, weights: Sequence[TensorWeight], renames: Mapping[str, str]
) -> dict[str, set[str]]:
    """Return the paths of the weights under every name, torch's and canonical ones."""
    names = state_names(model)
    known: dict[str, set[str]] = {name: set() for several in names.values() for name in several}
    known |= {name: set() for name in extra_state_names(model)}
    for stored in weights:
        path = stored.weight.path
        canonical = (place.weight.path for place in stored.places)
        for name in (*names_of_weight(stored, names), *canonical, renamed(path, renames)):
            known.setdefault(name, set()).add(path)
    return known
