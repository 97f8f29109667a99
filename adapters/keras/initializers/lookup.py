"""Initializers by name, by config, by class: ``get``, ``serialize`` and ``deserialize``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import keras

from fanwise.adapters.keras.initializers import absolute, catalogue, scaled
from fanwise.adapters.keras.initializers.base import PACKAGE
from fanwise.adapters.keras.initializers.layer_initializer import LayerInitializer
from fanwise.adapters.keras.initializers.schemes import DepthwiseInitializer, SchemeInitializer
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.registry import schemes

Initializer = keras.initializers.Initializer
STFT = keras.initializers.STFT

CLASSES: Final[tuple[Any, ...]] = (
    absolute.Zeros,
    absolute.Ones,
    absolute.Constant,
    absolute.Identity,
    absolute.RandomUniform,
    absolute.RandomNormal,
    absolute.TruncatedNormal,
    absolute.Orthogonal,
    scaled.VarianceScaling,
    scaled.LecunNormal,
    scaled.LecunUniform,
    scaled.GlorotNormal,
    scaled.GlorotUniform,
    scaled.HeNormal,
    scaled.HeUniform,
    *catalogue.CLASSES.values(),
    SchemeInitializer,
    DepthwiseInitializer,
    LayerInitializer,
)


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


#: Every name that stands for a class. Keras's names have Keras's meaning: "normal" is
#: its RandomNormal, where the scheme of that name has a standard deviation of 1.
NAMES: Final[dict[str, Any]] = {
    **{cls.__qualname__: cls for cls in (Initializer, STFT, *CLASSES)},
    **{_snake_case(cls.__qualname__): cls for cls in (Initializer, STFT, *CLASSES)},
    "IdentityInitializer": absolute.Identity,
    "OrthogonalInitializer": absolute.Orthogonal,
    "STFTInitializer": STFT,
    "normal": absolute.RandomNormal,
    "uniform": absolute.RandomUniform,
    "one": absolute.Ones,
    "zero": absolute.Zeros,
}


def get(identifier: Any) -> Any:
    """Get an initializer, as ``keras.initializers.get`` does.

    Args:
        identifier: a name of Keras or of a scheme, a config, a class, a callable, a
            tensor with the values, or None.

    Returns:
        The initializer; None for None.

    Raises:
        FanwiseError: for an unknown name.

    Examples:
        >>> get("he_normal").get_config()["seed"] is None
        True
    """
    if isinstance(identifier, str):
        return _by_name(identifier)
    if isinstance(identifier, Mapping):
        initializer = deserialize(dict(identifier))
        return _by_name(initializer) if isinstance(initializer, str) else initializer
    return keras.initializers.get(identifier)


def serialize(initializer: Any) -> Any:
    """Return the config of an initializer, as ``keras.initializers.serialize`` gives it.

    Args:
        initializer: of this module, of Keras, or of anyone.

    Returns:
        Plain data: the name of the class, and the arguments that make it again.

    Raises:
        TypeError: for what Keras cannot serialize.

    Examples:
        >>> from fanwise.keras import HeNormal
        >>> serialize(HeNormal(seed=0))["registered_name"]
        'fanwise>HeNormal'
    """
    return keras.initializers.serialize(initializer)


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """Make the initializer of a config; the names of Keras stand for the classes of this module.

    Args:
        config: what :func:`serialize` gave, or ``keras.initializers.serialize``.
        custom_objects: further classes, by the names that the config has for them.

    Returns:
        The initializer.

    Raises:
        FanwiseError: for a config of one of these classes that is no such data.

    Examples:
        >>> from fanwise.keras import HeNormal
        >>> deserialize(serialize(HeNormal(seed=0, path="dense/kernel"))).path
        'dense/kernel'
    """
    if isinstance(config, Mapping) and not config.get("registered_name"):
        name = config.get("class_name")
        elsewhere = keras.saving.get_registered_object(name, custom_objects=custom_objects)
        if _is_known(name) and elsewhere is None:
            arguments = config.get("config") or {}
            if not isinstance(arguments, Mapping):
                hint = "Pass what serialize() gave."
                raise FanwiseError(f"a dict as the config of {name}", arguments, hint)
            return _named(str(name)).from_config(arguments)
    return keras.initializers.deserialize(config, custom_objects=custom_objects)


def _is_known(name: object) -> bool:
    return name in NAMES or name in catalogue.LATER


def _named(name: str) -> Any:
    """Return a class, or make it."""
    return NAMES[name] if name in NAMES else getattr(catalogue, name)


def _by_name(name: str) -> Any:
    if _is_known(name):
        return _named(name)()
    if name in schemes():
        return SchemeInitializer(name)
    try:
        # What others have registered with Keras, and ours as "fanwise>HeNormal".
        return keras.initializers.get(name)
    except ValueError:
        context = f"Could not interpret initializer identifier: {name}"
        hint = did_you_mean(
            name.removeprefix(f"{PACKAGE}>"), {*NAMES, *catalogue.LATER, *schemes()}
        )
        raise FanwiseError("the name of an initializer", name, hint, context=context) from None
