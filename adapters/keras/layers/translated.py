"""Keras's initializers as schemes: the same law, on the shape that Keras gives them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, Protocol, runtime_checkable

import keras
from keras.src.initializers.random_initializers import compute_fans

from fanwise.adapters.keras.drawing.transfer import host_array
from fanwise.adapters.layer_weights import LayerWeight
from fanwise.spec.axes import BATCH, IN, OUT, layout, with_batches_as
from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import MODES, Fans, counted_fans
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import Resolved
from fanwise.spec.roles import FAN_ROLES
from fanwise.spec.scheme import Scheme
from fanwise.spec.scheme_fans import fans_counted, with_fans
from fanwise.spec.weights import Start, Weight

Shape = tuple[int, ...]
#: Gives the scheme of an initializer for a weight, and the shape that Keras draws it in.
_Translate = Callable[[Any, Weight, LayerWeight, Shape], Scheme | None]

#: Schemes by the scale, mode and distribution that Keras's classes of their names stand for.
_NAMED: Final = {
    (1.0, "fan_in", "truncated_normal"): "lecun_normal",
    (1.0, "fan_in", "uniform"): "lecun_uniform",
    (1.0, "fan_avg", "truncated_normal"): "glorot_normal",
    (1.0, "fan_avg", "uniform"): "glorot_uniform",
    (2.0, "fan_in", "truncated_normal"): "he_normal",
    (2.0, "fan_in", "uniform"): "he_uniform",
}
_DISTRIBUTIONS: Final = {"untruncated_normal": "normal"}


@runtime_checkable
class DrawsScheme(Protocol):
    """An initializer that says itself which scheme it draws, as Fanwise's do."""

    def resolved_for(self, weight: LayerWeight, stored: Shape) -> Resolved:
        """Return what it draws a weight of a parameter of this shape from."""
        ...


def translated(initializer: Any, weight: Weight, description: LayerWeight, stored: Shape) -> Start:
    """Translate what Keras draws a parameter from to what a recipe draws a weight from.

    Args:
        initializer: an initializer, or whatever else a layer passes for one.
        weight: as a recipe sees it.
        description: where the weight lies in the parameter.
        stored: the shape of the parameter, which Keras counts the fans of.
    """
    text = _described(initializer)
    if isinstance(initializer, DrawsScheme):
        return _as_drawn(initializer.resolved_for(description, stored), weight, description, text)
    # Of a parameter whose axes were guessed, each batch is a weight of its own.
    batch = OUT if weight.role in FAN_ROLES and not weight.guess else None
    for cls, translate in _TRANSLATIONS.items():
        # A subclass that draws otherwise is another law.
        if isinstance(initializer, cls) and type(initializer).__call__ is cls.__call__:
            try:
                chosen = translate(initializer, weight, description, stored)
            except (FanwiseError, TypeError, ValueError):
                # Keras takes parameters that no scheme has, such as an array.
                return Start(None, text=text)
            return Start(chosen, batch, text)
    return Start(_scalar(initializer, stored), text=text)


def _scalar(initializer: Any, stored: Shape) -> Scheme | None:
    """Return the constant that a function gives for a single number, where it is one."""
    if isinstance(initializer, keras.initializers.Initializer) or math.prod(stored) != 1:
        return None
    try:
        drawn = [keras.ops.convert_to_tensor(initializer(stored)) for _ in range(2)]
        values = {float(host_array(value).reshape(())) for value in drawn}
    except Exception:  # noqa: BLE001 - somebody's own function may raise anything
        return None
    return scheme("constant", value=values.pop()) if len(values) == 1 else None


def _as_drawn(resolved: Resolved, weight: Weight, description: LayerWeight, text: str) -> Start:
    """Translate what one of Fanwise's own initializers draws."""
    chosen, stored = resolved.scheme, resolved.layout
    if fans_counted(chosen) and not chosen.entry.structured:
        groups = dict(chosen.params).get("groups", 1)
        assert isinstance(groups, int)
        counted = counted_fans(stored, groups)
        given = with_fans(chosen, counted)
        return Start(chosen if given is None and counted == weight.fans else given, text=text)
    if not chosen.entry.structured or stored == layout(weight.shape, weight.axes):
        return Start(chosen, text=text)
    if description.whole and stored == layout(stored.shape, description.axes):
        return Start(chosen, text=text)
    is_matrix = chosen.family == "orthogonal" and stored == layout(stored.shape)
    if is_matrix and weight.role in FAN_ROLES and _is_one_matrix(stored.shape, description.axes):
        return Start(chosen, OUT, text)
    return Start(None, text=text)


def _is_one_matrix(stored: Shape, axes: str) -> bool:
    """Tell whether an orthogonal matrix of Keras is one of a recipe, and the other way round.

    Keras has the last axis as columns, and all others as rows; a recipe has the outputs, with
    all gates, and all the rest. Which of the two are the rows is the same.
    """
    told = layout(stored, axes)
    parts = [axis for axis, split in enumerate(told.axes) for _ in range(min(split.batches, 2))]
    sides = {
        (role in (OUT, BATCH)) == (axis == len(stored) - 1)
        for axis, role, size in zip(parts, told.roles, told.expanded, strict=True)
        if size > 1
    }
    return len(sides) <= 1


def _described(initializer: Any) -> str:
    """Say what an initializer is."""
    if isinstance(initializer, keras.initializers.Initializer):
        try:
            config = initializer.get_config()
        except Exception:  # noqa: BLE001 - somebody's own class may raise anything
            config = {}
        told = {key: value for key, value in config.items() if key != "seed" and value is not None}
        given = ", ".join(f"{key}={value!r}" for key, value in told.items())
        return f"{type(initializer).__name__}({given})"
    name = getattr(initializer, "__qualname__", None)
    return f"the function {name}" if name else f"a {type(initializer).__name__}"


def _zeros(*_: Any) -> Scheme:
    return scheme("zeros")


def _ones(*_: Any) -> Scheme:
    return scheme("ones")


def _constant(initializer: Any, *_: Any) -> Scheme:
    return scheme("constant", value=float(initializer.value))


def _normal(initializer: Any, *_: Any) -> Scheme:
    return scheme("normal", mean=float(initializer.mean), std=float(initializer.stddev))


def _truncated_normal(initializer: Any, *_: Any) -> Scheme:
    mean, std = float(initializer.mean), float(initializer.stddev)
    # Its word is the deviation before the cut.
    return scheme("truncated_normal", mean=mean, std=std, corrected=False)


def _uniform(initializer: Any, *_: Any) -> Scheme:
    low, high = float(initializer.minval), float(initializer.maxval)
    return scheme("uniform", low=low, high=high)


def _variance_scaling(initializer: Any, weight: Weight, _: LayerWeight, stored: Shape) -> Scheme:
    scale, mode, word = float(initializer.scale), initializer.mode, initializer.distribution
    named = _NAMED.get((scale, mode, word))
    chosen = (
        scheme(named)
        if named
        else scheme(
            "variance_scaling",
            scale=scale,
            mode=mode,
            distribution=_DISTRIBUTIONS.get(word, word),
        )
    )
    fan = max(1.0, MODES[mode](_fans_of_keras(initializer, stored)))
    return chosen if fan == _counted(weight, mode) else chosen.replace(fan=fan)


def _fans_of_keras(initializer: Any, stored: Shape) -> Fans:
    """Count the fans as Keras does."""
    axes = {
        name: value
        for name in ("input_axes", "output_axes")
        # An older Keras knows no such axes.
        if (value := getattr(initializer, name, None)) is not None
    }
    return Fans(*compute_fans(stored, **axes))


def _counted(weight: Weight, mode: str) -> float | None:
    """Count the fan as a recipe does; None for a weight that has none of its own."""
    if weight.role not in FAN_ROLES:
        return None
    axes = weight.axes if weight.guess else with_batches_as(OUT, weight.shape, weight.axes)
    counted = Weight(weight.path, weight.shape, axes, weight.role, weight.kind, weight.groups).fans
    return None if counted is None else MODES[mode](counted)


def _orthogonal(
    initializer: Any, weight: Weight, description: LayerWeight, stored: Shape
) -> Scheme | None:
    is_same = weight.role in FAN_ROLES and _is_one_matrix(stored, description.axes)
    return scheme("orthogonal", gain=float(initializer.gain)) if is_same else None


def _identity(
    initializer: Any, weight: Weight, description: LayerWeight, stored: Shape
) -> Scheme | None:
    told = layout(stored, description.axes)
    is_same = description.whole and told.roles == (IN, OUT)
    del weight
    return scheme("identity", gain=float(initializer.gain)) if is_same else None


_TRANSLATIONS: Final[dict[type, _Translate]] = {
    keras.initializers.Zeros: _zeros,
    keras.initializers.Ones: _ones,
    keras.initializers.Constant: _constant,
    keras.initializers.RandomNormal: _normal,
    keras.initializers.TruncatedNormal: _truncated_normal,
    keras.initializers.RandomUniform: _uniform,
    keras.initializers.VarianceScaling: _variance_scaling,
    keras.initializers.Orthogonal: _orthogonal,
    keras.initializers.Identity: _identity,
}
