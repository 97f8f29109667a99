"""Variance scaling: the initializers whose scale depends on the fans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

import keras

from fanwise.adapters.engines import EngineName
from fanwise.adapters.keras.initializers.base import Drawn, Seed, registered
from fanwise.adapters.keras.initializers.documentation import initializer_text
from fanwise.spec.catalogue import catalogue
from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import MODES
from fanwise.spec.gains import squared_gain
from fanwise.spec.parameters import FromParameter
from fanwise.spec.registry import scheme as make
from fanwise.spec.scheme import Scheme

#: Keras's word for a distribution, and ours. Its "normal" is the truncated one.
DISTRIBUTIONS: Final = {
    "truncated_normal": "truncated_normal",
    "untruncated_normal": "normal",
    "uniform": "uniform",
}

Axes = Sequence[int] | None

#: Of a scheme without parameters.
_NAMED_PARAMETERS: Final = ("seed", "input_axes", "output_axes", "path", "axes", "engine")


@registered
class VarianceScaling(Drawn, keras.initializers.VarianceScaling):
    """Variance scale / fan, of the distribution asked for.

    Args:
        scale: numerator of the variance, > 0.
        mode: ``"fan_in"``, ``"fan_out"``, ``"fan_avg"`` or ``"fan_geo_avg"``.
        distribution: ``"truncated_normal"`` (at two standard deviations; ``"normal"`` is
            Keras's other word for it), ``"untruncated_normal"`` or ``"uniform"``.
        seed: an integer, a ``keras.random.SeedGenerator``, or None for one drawn now.
        input_axes, output_axes: where both are given, they alone make up the fans, as in
            Keras: an axis in neither is a batch axis.
        path: the weight's path in its model.
        axes: the role of each axis, a pattern or its name; if it is given, input_axes and
            output_axes are not looked at.
        engine: ``"portable"`` or ``"native"``.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> from fanwise.keras import VarianceScaling
        >>> init = VarianceScaling(2.0, "fan_out", "untruncated_normal", seed=0, path="conv/kernel")
        >>> tuple(init((3, 3, 8, 16)).shape)
        (3, 3, 8, 16)
        >>> init.get_config()["mode"]
        'fan_out'

    References:
        He et al. 2015, arXiv:1502.01852, section 2.2; Glorot & Bengio 2010, section 4.2.
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: Seed = None,
        input_axes: Axes = None,
        output_axes: Axes = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: EngineName = "portable",
    ) -> None:
        self.scale = scale
        self.mode = _choice("mode", mode, MODES)
        word = distribution.lower() if isinstance(distribution, str) else distribution
        word = "truncated_normal" if word == "normal" else word
        self.distribution = _choice("distribution", word, DISTRIBUTIONS)
        self.input_axes, self.output_axes = input_axes, output_axes
        self._set_place(path, axes, engine)
        try:
            make("variance_scaling", scale=scale)
        except FanwiseError as error:
            what = "Argument `scale` must be positive float"
            raise FanwiseError(error.expected, scale, error.hint, context=what) from None
        self._set_seed(seed)

    def _scheme(self) -> Scheme:
        return make(
            "variance_scaling",
            scale=self.scale,
            mode=self.mode,
            distribution=DISTRIBUTIONS[self.distribution],
        )

    def get_config(self) -> dict[str, Any]:
        """The keys of Keras, and ours where they are set."""
        config = super().get_config()
        # An older Keras knows no such axes.
        extras = {"input_axes": self.input_axes, "output_axes": self.output_axes}
        return {**config, **{key: value for key, value in extras.items() if value is not None}}

    def _set_scaling(self, scheme: Scheme) -> None:
        """Say what a scheme draws in the words of Keras."""
        rule = {key: _value(word, scheme) for key, word in scheme.entry.scale.items()}
        if "gain" in rule:
            self.scale = rule["gain"] * rule["gain"]
        elif "nonlinearity" in rule:
            self.scale = squared_gain(rule["nonlinearity"], rule["a"])
        else:
            self.scale = rule["scale"]
        self.mode = rule["fan"]
        kind = _value(scheme.entry.distribution["kind"], scheme)
        self.distribution = next(word for word, ours in DISTRIBUTIONS.items() if ours == kind)

    def _axes_on(self, shape: tuple[int, ...]) -> str:
        if self.axes != "kernel" or self.input_axes is None or self.output_axes is None:
            return self.axes
        roles = ["batch"] * len(shape)
        for role, places in (("in", self.input_axes), ("out", self.output_axes)):
            for place in places:
                if not -len(shape) <= place < len(shape) or roles[place] != "batch":
                    hint = "Name each axis once, as input or as output."
                    given = {"input_axes": self.input_axes, "output_axes": self.output_axes}
                    raise FanwiseError(f"distinct axes of the shape {shape}", given, hint)
                roles[place] = role
        return " ".join(roles) or self.axes


class _Named(VarianceScaling):
    """A scheme of the catalogue without parameters, under Keras's name for it."""

    scheme_name: ClassVar[str]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        entry = catalogue().entries[cls.scheme_name]
        cls.__doc__ = initializer_text(cls.__name__, entry, _NAMED_PARAMETERS)

    def __init__(
        self,
        seed: Seed = None,
        input_axes: Axes = None,
        output_axes: Axes = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: EngineName = "portable",
    ) -> None:
        self.input_axes, self.output_axes = input_axes, output_axes
        self._set_place(path, axes, engine)
        self._set_scaling(self.scheme)
        self._set_seed(seed)

    def _scheme(self) -> Scheme:
        return make(self.scheme_name)


@registered
class LecunNormal(_Named, keras.initializers.LecunNormal):
    """Normal cut at two standard deviations, variance 1 / fan_in."""

    scheme_name = "lecun_normal"


@registered
class LecunUniform(_Named, keras.initializers.LecunUniform):
    """Uniform, variance 1 / fan_in."""

    scheme_name = "lecun_uniform"


@registered
class GlorotNormal(_Named, keras.initializers.GlorotNormal):
    """Normal cut at two standard deviations, variance 1 / fan_avg."""

    scheme_name = "glorot_normal"


@registered
class GlorotUniform(_Named, keras.initializers.GlorotUniform):
    """Uniform, variance 1 / fan_avg."""

    scheme_name = "glorot_uniform"


@registered
class HeNormal(_Named, keras.initializers.HeNormal):
    """Normal cut at two standard deviations, variance 2 / fan_in."""

    scheme_name = "he_normal"


@registered
class HeUniform(_Named, keras.initializers.HeUniform):
    """Uniform, variance 2 / fan_in."""

    scheme_name = "he_uniform"


def _value(word: Any, scheme: Scheme) -> Any:
    """Return what a word of the catalogue stands for: a parameter's value, or itself."""
    return scheme[word.name] if isinstance(word, FromParameter) else word


def _choice(argument: str, value: Any, known: Any) -> str:
    if value not in known:
        raise FanwiseError(
            "one of " + ", ".join(map(repr, known)),
            value,
            "Pass one of these words.",
            context=f"Invalid `{argument}` argument: {value}",
        )
    return str(value)
