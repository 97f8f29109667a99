"""Set the weights of a layer, which knows its own axes, groups and fans."""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import nn

from fanwise.adapters.engines import EngineName
from fanwise.adapters.recipes import check_layer_known, layer_recipe, roles_left_alone
from fanwise.adapters.torch.drawing.engines import Source
from fanwise.adapters.torch.drawing.partitions import Group
from fanwise.adapters.torch.drawing.streams_in_use import note_stream
from fanwise.adapters.torch.drawing.watchers import check_unrecorded
from fanwise.adapters.torch.initialize import set_weights
from fanwise.adapters.torch.layers.models import check_python, model_weights
from fanwise.adapters.torch.layers.replicas import check_sharded_groups
from fanwise.adapters.torch.layers.wrappers import named_layers
from fanwise.core.keys import path_counter
from fanwise.core.uncompiled import uncompiled
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.registry import SchemeLike

Module = TypeVar("Module", bound=nn.Module)


@uncompiled
def set_initializer(
    layer: Module,
    kernel: SchemeLike | None = "he_normal",
    bias: SchemeLike | None = "zeros",
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: EngineName = "portable",
    generator: torch.Generator | None = None,
    group: Group = None,
) -> Module:
    """Set the weights of one layer, by its true axes, groups and fans.

    It is :func:`fanwise.torch.initialize` of the layer by a recipe of two rules: the same
    weights under the same paths as in a model that has the layer at ``path``. Known are the
    layers of torch that have weights, and those of :func:`register_layer`. A layer without a
    bias needs none. What else a fresh layer starts with is set too: the running mean 0 and
    variance 1 of a batch normalization, the zeros of an embedding's padding, and the zeros
    of the second of two biases.

    Args:
        layer: the layer.
        kernel: a scheme or its name; None leaves kernels and embeddings as they are. The
            scale of a normalization is a vector without fans: there a scheme for matrices
            stands for ``"ones"``.
        bias: the same for the biases; a scheme that counts a fan takes that of the kernel
            which the bias stands beside, and stands for ``"zeros"`` in a normalization.
        seed: 0 ≤ seed < 2⁶⁴; without one it is drawn once, from the generator, if anything
            random is drawn.
        path: the layer's path in its model: its kernel is ``"<path>/kernel"``, its bias
            ``"<path>/bias"`` (without a path, ``"kernel"`` and ``"bias"``).
        engine: ``"portable"`` or ``"native"``.
        generator: torch's, in the place of its default one.
        group: of the ranks that share the weights of a layer that cuts them itself, as in
            :func:`fanwise.torch.initialize`.

    Returns:
        The same layer.

    Warns:
        RepeatedStreamWarning: where another layer in use was drawn from this seed and path.

    Raises:
        FanwiseError: for bad input, and for a layer with weights of unknown axes; the layer
            is then untouched.

    Examples:
        >>> from torch import nn
        >>> layer = set_initializer(nn.Linear(6, 4), "he_normal", seed=0, path="dense")
        >>> layer.bias.tolist()
        [0.0, 0.0, 0.0, 0.0]
    """
    if not isinstance(layer, nn.Module):
        hint = "For a bare tensor use init_."
        raise FanwiseError("a torch.nn.Module", Phrase(type(layer).__name__), hint)
    check_unrecorded()
    check_python(layer)
    check_sharded_groups(named_layers(layer))
    source = Source(seed, engine, generator)
    path_counter(path)
    recipe = layer_recipe(kernel, bias)
    weights = model_weights(layer, path, group)
    check_layer_known(type(layer).__name__, weights)
    left_alone = roles_left_alone(kernel, bias)
    set_weights(weights, recipe, source, left_alone=left_alone, note=note_stream)
    return layer
