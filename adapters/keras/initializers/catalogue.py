"""The schemes of the catalogue that Keras has no class for, as classes.

They are made from the catalogue in one loop: parameters, defaults and meaning are the scheme's
own, and a scheme that the catalogue gains has its class here at once, and a short name for it.
Those of the families are made when they are asked for, or named by what Keras has saved.
The stub of ``fanwise.keras`` tells editors and type checkers of them.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from inspect import Parameter, Signature
from typing import Any, ClassVar, Final

import keras

from fanwise.adapters.engines import EngineName
from fanwise.adapters.keras.initializers import absolute, scaled
from fanwise.adapters.keras.initializers.base import PACKAGE, Drawn, Seed, registered
from fanwise.adapters.keras.initializers.documentation import initializer_text
from fanwise.adapters.keras.initializers.scaled import VarianceScaling
from fanwise.adapters.signatures import bind, door_parameter, in_order, made
from fanwise.spec import parameters
from fanwise.spec.catalogue import catalogue
from fanwise.spec.entries import Entry
from fanwise.spec.registry import scheme as make
from fanwise.spec.scheme import Scheme

#: The classes that are written by hand, with the signatures of Keras.
_BY_HAND: Final = frozenset(name for module in (absolute, scaled) for name in vars(module))
#: Of a scheme that counts fans: Keras counts them itself, and a layer has the groups.
_OF_THE_SHAPE: Final = ("fan", "groups")
_SEED: Final = Parameter("seed", Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=Seed)
_FAN_AXES: Final = tuple(
    Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=Sequence[int] | None)
    for name in ("input_axes", "output_axes")
)
_COMMON: Final = (
    Parameter("path", Parameter.KEYWORD_ONLY, default=None, annotation=str | None),
    Parameter("engine", Parameter.KEYWORD_ONLY, default="portable", annotation=EngineName),
)


class ConstructorSignature:
    """The signature of a class, which is not that of a call of its instances.

    Keras reads the latter, to see whether an initializer takes a layout.
    """

    def __init__(self, signature: Signature) -> None:
        self.signature = signature

    def __get__(self, instance: object, owner: type) -> Signature:
        if instance is not None:
            raise AttributeError("__signature__")
        return self.signature


class CatalogueInitializer(Drawn):
    """Draw a scheme of the catalogue; a subclass has the signature of its parameters."""

    scheme_name: ClassVar[str]
    #: The parameters of the scheme that the constructor takes.
    arguments: ClassVar[tuple[str, ...]]
    __signature__: ClassVar[Signature]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        cls = type(self)
        if "seed" in kwargs and "seed" not in cls.__signature__.parameters:
            text = f"{self.scheme_name} draws nothing, so it takes no seed"
            raise TypeError(
                f"{cls.__qualname__}(): got an unexpected keyword argument 'seed': {text}"
            )
        bound = bind(cls.__qualname__, cls.__signature__, args, kwargs)
        bound.apply_defaults()
        values = bound.arguments
        self._params = {name: values[name] for name in self.arguments}
        self._set_place(values["path"], values["axes"], values["engine"])
        self._set_shape_options(values)
        if "seed" in values:
            self._set_seed(values["seed"])

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments, as plain data."""
        config = {name: self.scheme[name] for name in self.arguments}
        if "seed" in type(self).__signature__.parameters:
            config["seed"] = keras.saving.serialize_keras_object(self._init_seed)
        return {**config, **{k: v for k, v in super().get_config().items() if k not in config}}

    def _set_shape_options(self, values: Mapping[str, Any]) -> None:
        """Check the parameters, and take what tells how fans are counted."""
        del values
        self.scheme  # noqa: B018  (checks the parameters)

    def _scheme(self) -> Scheme:
        return make(self.scheme_name, **self._params)


class CatalogueScaling(CatalogueInitializer, VarianceScaling):
    """One that counts fans: a variance scaling, so that EinsumDense gives it its axes.

    Its scale, mode and distribution are None where the scheme has none, but an expression.
    """

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the scheme, and the others as Keras writes them."""
        config = super().get_config()
        of_keras = {"scale", "mode", "distribution"} - set(self.arguments)
        return {key: value for key, value in config.items() if key not in of_keras}

    def _set_shape_options(self, values: Mapping[str, Any]) -> None:
        self.input_axes, self.output_axes = values["input_axes"], values["output_axes"]
        chosen = self.scheme
        if chosen.entry.has_fan_rule:
            self._set_scaling(chosen)
            return
        given = dict(chosen.params)
        for word in ("scale", "mode", "distribution"):
            setattr(self, word, given.get(word))


def scheme_classes(
    entries: Mapping[str, Entry], but: Collection[str] = ()
) -> dict[str, type[CatalogueInitializer]]:
    """Make a class for each scheme of a catalogue.

    Args:
        entries: of the catalogue, by the names of the schemes.
        but: names of classes that there are already.

    Returns:
        The classes by their names: that of a scheme in capitals, as ``"XavierNormal"``.
    """
    names = {class_name(name): entry for name, entry in entries.items()}
    return {name: _scheme_class(name, entry) for name, entry in names.items() if name not in but}


def class_name(scheme_name: str) -> str:
    """Return what the class of a scheme is called.

    Examples:
        >>> class_name("xavier_normal")
        'XavierNormal'
    """
    return "".join(word.capitalize() for word in scheme_name.split("_"))


def _scheme_class(name: str, entry: Entry) -> type[CatalogueInitializer]:
    base = CatalogueScaling if _has_fan_axes(entry) else CatalogueInitializer
    skipped = _OF_THE_SHAPE if entry.uses_fan else ()
    arguments = tuple(key for key in entry.parameters if key not in skipped)
    signature = _signature(entry, arguments)
    seeded = "seed" in signature.parameters
    members = {
        "__doc__": initializer_text(name, entry, [*signature.parameters], seeded=seeded),
        "__module__": __name__,
        "__signature__": ConstructorSignature(signature),
        "arguments": arguments,
        "default_axes": entry.axes or "kernel",
        "scheme_name": entry.name,
    }
    cls: type[CatalogueInitializer] = type(name, (base,), members)
    registered(cls)
    return cls


def _signature(entry: Entry, arguments: Sequence[str]) -> Signature:
    seed = (_SEED,) if entry.draws else ()
    fan_axes = _FAN_AXES if _has_fan_axes(entry) else ()
    axes = Parameter("axes", Parameter.KEYWORD_ONLY, default=entry.axes or "kernel", annotation=str)
    own = (_parameter(entry.parameters[name]) for name in arguments)
    return Signature(in_order([*own, *seed, *fan_axes, _COMMON[0], axes, *_COMMON[1:]]))


def _parameter(parameter: parameters.Parameter) -> Parameter:
    """Return a parameter of a scheme as one of a constructor."""
    declared = door_parameter(parameter)
    # The groups of one that counts no fans are what it is about.
    about = parameter.name in _OF_THE_SHAPE
    return declared.replace(kind=Parameter.POSITIONAL_OR_KEYWORD) if about else declared


def _has_fan_axes(entry: Entry) -> bool:
    """Tell whether an initializer is told which axes are inputs, and which outputs."""
    return entry.uses_fan and entry.axes is None


class _Saved:
    """What Keras finds of a class that is not made yet, by the name that it has registered."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """Make the class, and an initializer of it."""
        return getattr(sys.modules[__name__], cls.__name__)(*args, **kwargs)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Any:
        """Make the class, and the initializer of a config."""
        return getattr(sys.modules[__name__], cls.__name__).from_config(config)


CLASSES: Final = scheme_classes(catalogue().basic, but=_BY_HAND)
#: The short names of the classes, which are those of the schemes.
ALIASES: Final = {cls.scheme_name: cls for cls in CLASSES.values()}
globals().update(CLASSES)
globals().update(ALIASES)
__all__ = [*CLASSES, *ALIASES]  # noqa: PLE0604 (they are names)
_later: Final = [name for name in catalogue().entries if name not in catalogue().basic]
#: The classes that are made when they are asked for, and their short names, with their schemes.
LATER: Final = {**{class_name(name): name for name in _later}, **{name: name for name in _later}}
keras.saving.get_custom_objects().update(
    {f"{PACKAGE}>{name}": type(name, (_Saved,), {}) for name in map(class_name, _later)}
)


def __getattr__(name: str) -> type[CatalogueInitializer]:
    """Make the class of a scheme of a family, which has two names."""
    cls = made(globals(), name, LATER, _class_of)
    globals()[cls.scheme_name] = globals()[cls.__qualname__] = cls
    return cls  # type: ignore[no-any-return]


@cache
def _class_of(scheme_name: str) -> type[CatalogueInitializer]:
    return _scheme_class(class_name(scheme_name), catalogue().entries[scheme_name])
