"""A torch model as a recipe sees it."""

from __future__ import annotations

from torch import nn

from fanwise.adapters.model_paths import ModelPaths, path_row
from fanwise.adapters.torch.layers.declared_parameters import with_declarations
from fanwise.adapters.torch.layers.models import check_python, model_weights
from fanwise.adapters.torch.layers.state_names import names_of_weight, state_names
from fanwise.core.uncompiled import uncompiled


@uncompiled
def paths(model: nn.Module) -> ModelPaths:
    """List the weights of a model as the rules of a recipe see them.

    Args:
        model: any module; one on the meta device too.

    Returns:
        A :class:`ModelPaths`, a row for each weight: its path, role, kind, class, shape, axes,
        and whether it trains; ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a module, or one with parameters without a shape.

    Examples:
        >>> from torch import nn
        >>> [row.path for row in paths(nn.Sequential(nn.Linear(3, 2), nn.LayerNorm(2))).rows]
        ['0/kernel', '0/bias', '1/scale', '1/offset']
    """
    check_python(model)
    weights = with_declarations(model, model_weights(model)).weights
    names = state_names(model)
    return ModelPaths(tuple(path_row(w.weight, names_of_weight(w, names)) for w in weights))
