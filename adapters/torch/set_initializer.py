"""Set the weights of a layer, which knows its own axes, groups and fans."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _NormBase

from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.engines import Setting, Source, write
from fanwise.adapters.torch.drawing.records import record
from fanwise.adapters.torch.drawing.tensors import check_tensor
from fanwise.adapters.torch.layers.parts import BIAS, GAIN, Part, find, parts, true_fans
from fanwise.core.keys import path_counter
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.registry import SchemeLike, as_scheme, scheme
from fanwise.spec.scheme import Scheme


def set_initializer(
    layer: nn.Module,
    weight: SchemeLike = "he_normal",
    bias: SchemeLike = "zeros",
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: str = "portable",
    generator: torch.Generator | None = None,
) -> nn.Module:
    """Set the weights of one layer, by its true axes, groups and fans.

    Known are linear, bilinear, convolution (transposed ones too), embedding and
    normalization layers, and multi-head attention. A layer without a bias needs none. What
    else a fresh layer starts with is set too: the running mean 0 and variance 1 of a batch
    normalization, the zeros of an embedding's padding.

    Args:
        layer: the layer.
        weight: a scheme or its name. The gain of a normalization has no fans: there the
            default stands for ``"ones"``.
        bias: the same for the biases; where its scheme has a fan, that is the fan_in of the
            weight.
        seed: 0 ≤ seed < 2⁶⁴; without one it is drawn once, from the generator.
        path: the layer's path in its model: its weight is ``"<path>/kernel"``, its bias
            ``"<path>/bias"`` (without a path, ``"kernel"`` and ``"bias"``).
        engine: ``"portable"`` or ``"native"``.
        generator: torch's, in the place of its default one.

    Returns:
        The same layer.

    Raises:
        FanwiseError: for bad input, and for a layer with weights of unknown axes; the layer
            is then untouched.

    Examples:
        >>> from torch import Tensor, nn
        >>> layer = set_initializer(nn.Linear(6, 4), "he_normal", seed=0, path="dense")
        >>> layer.bias.tolist()
        [0.0, 0.0, 0.0, 0.0]
    """
    source = Source(seed, engine, generator)
    path_counter(path)
    known = _all_parts(layer)
    weight, bias = as_scheme(weight), as_scheme(bias)
    prefix = "" if path is None else f"{path}/"
    settings = [_setting(layer, part, weight, bias, prefix) for part in known]
    write(settings, source)
    _set_the_rest(layer)
    for setting in settings:
        record(setting.tensor, setting.scheme, setting.axes)
    return layer


def _all_parts(layer: nn.Module) -> tuple[Part, ...]:
    """The layer's parts, if they are all that it has."""
    if not isinstance(layer, nn.Module):
        hint = "For a bare tensor use init_."
        raise FanwiseError("a torch.nn.Module", Phrase(type(layer).__name__), hint)
    known = parts(layer)
    names = {part.name for part in known}
    stored = [name for name, _ in layer.named_parameters(remove_duplicate=False)]
    unknown = [name for name in stored if name not in names]
    if unknown:
        raise FanwiseError(
            "a layer whose weights have known axes",
            Phrase(f"{type(layer).__name__} with {', '.join(unknown)}"),
            "Set its layers one by one, or use init_(weight, scheme, axes=...) for each weight.",
        )
    return known


def _setting(layer: nn.Module, part: Part, weight: Scheme, bias: Scheme, prefix: str) -> Setting:
    tensor = find(layer, part.name)
    check_tensor(tensor)
    if part.role == BIAS:
        chosen = _bias_scheme(layer, part, bias)
    elif part.role == GAIN:
        chosen = _gain_scheme(weight)
    else:
        chosen = _grouped(weight, part.groups)
    return Setting.of(tensor, chosen, path=prefix + part.path, axes=part.axes)


def _grouped(weight: Scheme, groups: int) -> Scheme:
    """The scheme with the layer's groups, where groups are a matter of it."""
    if "groups" not in weight.entry.parameters:
        return weight
    if weight["groups"] not in (1, groups):
        hint = "Leave groups out: a layer knows its own."
        raise FanwiseError(f"the layer's own groups, {groups}", weight["groups"], hint)
    return weight.replace(groups=groups)


def _bias_scheme(layer: nn.Module, part: Part, bias: Scheme) -> Scheme:
    if not _counts_a_fan(bias):
        return bias
    weights = (other for other in parts(layer) if other.name == part.weight)
    beside = next((true_fans(other, find(layer, other.name)) for other in weights), None)
    if beside is None:
        hint = "Use a scheme without a fan, e.g. 'zeros', or give it fan=."
        raise FanwiseError("a scheme that fits a normalization's offset", bias, hint)
    return bias.replace(fan=beside.fan_in)


def _gain_scheme(weight: Scheme) -> Scheme:
    if weight == as_scheme("he_normal"):
        return scheme("ones")
    if _counts_a_fan(weight):
        hint = "Use a scheme without a fan, e.g. 'ones', or give it fan=."
        raise FanwiseError("a scheme that fits a normalization's gain", weight, hint)
    return weight


def _counts_a_fan(chosen: Scheme) -> bool:
    return chosen.entry.uses_fan and chosen["fan"] is None


def _set_the_rest(layer: nn.Module) -> None:
    """What torch's own reset_parameters sets beside the parameters."""
    if isinstance(layer, _NormBase):
        layer.reset_running_stats()
    if isinstance(layer, (nn.Embedding, nn.EmbeddingBag)) and layer.padding_idx is not None:
        _clear_row(layer.weight, layer.padding_idx)


def _clear_row(weight: Tensor, row: int) -> None:
    """Set a row to zeros, on the rank that holds it if the weight is sharded."""
    if not sharded.is_sharded(weight):
        with torch.no_grad():
            weight[row].fill_(0)
        return
    for part, (rows, *_) in sharded.parts(weight):
        if rows.start <= row < rows.stop:
            part[row - rows.start].fill_(0)
