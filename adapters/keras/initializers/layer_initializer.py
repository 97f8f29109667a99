"""The initializer of a parameter of a layer that is not built yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import keras

from fanwise.adapters.engines import Engine, EngineName, checked_engine
from fanwise.adapters.keras.drawing import layouts, portable
from fanwise.adapters.keras.drawing.dtypes import dtype_name, itemsize
from fanwise.adapters.keras.drawing.native import to_storage
from fanwise.adapters.keras.initializers.base import ENGINES, Drawn, Seed, registered, untraced
from fanwise.adapters.layer_weights import LayerWeight, Span
from fanwise.adapters.recipe_forms import DEPTHWISE_AXES, recipe_form
from fanwise.core.dtypes import check_bytes, format_of
from fanwise.core.keys import path_counter
from fanwise.core.sampler import check_law
from fanwise.spec.axes import checked_shape
from fanwise.spec.axes import layout as laid_out
from fanwise.spec.laws import StructuredLaw
from fanwise.spec.resolved import Resolved, resolve
from fanwise.spec.scheme import Scheme


@dataclass(frozen=True)
class WeightStart:
    """What one weight of a parameter starts with.

    Attributes:
        scheme: what is drawn.
        path: of the weight in its model.
        description: where it lies in the parameter.
    """

    scheme: Scheme
    path: str
    description: LayerWeight

    def to_config(self) -> dict[str, Any]:
        """Return the same as plain data."""
        weight = self.description
        return {
            "scheme": self.scheme.to_dict(),
            "path": self.path,
            "axes": weight.axes,
            "groups": weight.groups,
            "spans": [_span_config(span) for span in weight.spans],
            "axis": weight.axis,
            "shape": None if weight.shape is None else list(weight.shape),
        }

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> WeightStart:
        """Return what a config tells of."""
        shape = config["shape"]
        weight = LayerWeight(
            "",
            config["path"],
            config["axes"],
            groups=config["groups"],
            spans=tuple(_read_span(span) for span in config["spans"]),
            axis=config["axis"],
            shape=None if shape is None else tuple(shape),
        )
        return cls(Scheme.from_dict(config["scheme"]), config["path"], weight)


@registered
class LayerInitializer(Drawn):
    """Draw all that one parameter of a layer holds, as ``initialize`` would write it.

    ``set_initializer`` gives it to a layer that is not built yet.

    Args:
        weights: the weights that the parameter holds, each as :meth:`get_config` tells it.
        seed: an integer, a ``keras.random.SeedGenerator``, or None for one drawn now.
        engine: ``"portable"`` or ``"native"``.

    Attributes:
        is_placed: whether the caller has said where the layer is in its model.
    """

    is_placed: bool = True

    def __init__(
        self,
        weights: Sequence[WeightStart | Mapping[str, Any]],
        seed: Seed = None,
        engine: EngineName | Engine = "portable",
    ) -> None:
        self.weights = tuple(
            start if isinstance(start, WeightStart) else WeightStart.from_config(start)
            for start in weights
        )
        for start in self.weights:
            path_counter(start.path)
        self.path, self.axes = self.weights[0].path, self.weights[0].description.axes
        self.engine = checked_engine(engine)
        self._set_seed(seed)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments, as plain data."""
        return {
            "weights": [start.to_config() for start in self.weights],
            "seed": keras.saving.serialize_keras_object(self._init_seed),
            "engine": str(self.engine),
        }

    def _scheme(self) -> Scheme:
        return self.weights[0].scheme

    def _is_path_given(self) -> bool:
        return self.is_placed

    def resolved_for(self, weight: LayerWeight, stored: tuple[int, ...]) -> Resolved:
        """Return what it draws a weight of the layer from."""
        start = next(start for start in self.weights if start.description.role == weight.role)
        return self._resolved(start, stored)

    @untraced
    def _draw(self, shape: Any, dtype: Any, layout: Any) -> Any:
        sizes, dtype = checked_shape(shape), format_of(dtype_name(dtype)).name
        check_bytes(sizes, itemsize(dtype))
        draw = partial(self._draw_weights, sizes, dtype)
        if layout is None:
            return draw()
        is_known = not isinstance(self.seed, keras.random.SeedGenerator)
        part = self._host_part(sizes, dtype) if is_known else None
        return layouts.spread(draw, sizes, layout, is_known=is_known, part=part)

    def _host_part(self, sizes: tuple[int, ...], dtype: str) -> portable.HostPart | None:
        """Return what draws any block of the parameter; None where it has more than one weight."""
        start = self.weights[0]
        weight = start.description
        if len(self.weights) > 1 or not weight.whole or self.engine is not Engine.PORTABLE:
            return None
        resolved = self._resolved(start, sizes)
        if isinstance(resolved.law, StructuredLaw):
            return None  # it is made in the form in which a recipe sees it
        check_law(resolved.law, dtype, start.path)
        self._note(resolved, start.path)
        # Each element depends on its place in canonical order alone.
        stored = Resolved(resolved.scheme, laid_out(sizes, weight.axes), resolved.law)
        seed = portable.number(portable.needed_seed(resolved.law, self.seed))
        return portable.host_part(stored, dtype, seed=seed, path=start.path)

    def _draw_weights(self, sizes: tuple[int, ...], dtype: str) -> Any:
        """Draw all weights of the parameter, each to where it lies."""
        if len(self.weights) == 1 and self.weights[0].description.whole:
            return self._draw_weight(self.weights[0], sizes, dtype)
        stored = keras.ops.zeros(sizes, dtype=dtype)
        for start in self.weights:
            drawn = self._draw_weight(start, sizes, dtype)
            for block in start.description.blocks():
                stored = _with_block(stored, block, drawn)
        return stored

    def _draw_weight(self, start: WeightStart, sizes: tuple[int, ...], dtype: str) -> Any:
        """Draw one weight, in the order in which it is stored."""
        weight = start.description
        resolved = self._resolved(start, sizes)
        check_law(resolved.law)
        self._note(resolved, start.path)
        drawn = ENGINES[self.engine](resolved, dtype, seed=self.seed, path=start.path)
        stored = laid_out(weight.shape_in({weight.parameter: sizes}), weight.axes)
        return to_storage(keras.ops.reshape(drawn, stored.canonical), stored)

    def _resolved(self, start: WeightStart, sizes: tuple[int, ...]) -> Resolved:
        """Work out what a weight is drawn from, in the form in which a recipe sees it."""
        weight = start.description
        shape, scheme = weight.shape_in({weight.parameter: sizes}), start.scheme
        if "groups" in scheme.entry.parameters:
            groups = max(shape[-2], 1) if weight.axes == DEPTHWISE_AXES else weight.groups
            scheme = scheme.replace(groups=groups)
        return resolve(scheme, *recipe_form(shape, weight.axes, weight.role))


def starts_of(
    weights: Iterable[tuple[str, LayerWeight, Scheme]],
) -> list[WeightStart]:
    """Tell what the weights of one parameter start with, by path, description and scheme."""
    return [
        WeightStart(scheme, path, replace(weight, parameter="", followers=()))
        for path, weight, scheme in weights
    ]


def _with_block(stored: Any, block: Span, drawn: Any) -> Any:
    """Return the values of a parameter with those that a weight has for a block of it."""
    starts, sizes = [], []
    for axis, size in enumerate(stored.shape):
        at = block.at[axis] if axis < len(block.at) else slice(None)
        start, stop = (at.start or 0, at.stop) if isinstance(at, slice) else (at, at + 1)
        starts.append(start)
        sizes.append((size if stop is None else stop) - start)
    part = keras.ops.reshape(drawn[block.part], sizes)
    return keras.ops.slice_update(stored, starts, part)


def _span_config(span: tuple[int, int] | Span) -> Any:
    if isinstance(span, Span):
        return {"at": _index_config(span.at), "part": _index_config(span.part)}
    return list(span)


def _read_span(config: Any) -> tuple[int, int] | Span:
    if isinstance(config, Mapping):
        return Span("", _read_index(config["at"]), _read_index(config["part"]))
    start, stop = config
    return start, stop


def _index_config(index: Iterable[Any]) -> list[Any]:
    return [[at.start, at.stop] if isinstance(at, slice) else at for at in index]


def _read_index(config: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(at if isinstance(at, int) else slice(*at) for at in config)
