"""The line of code that draws a scheme in each framework."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fanwise.spec.axes import PATTERNS
from fanwise.spec.laws import Generator
from fanwise.spec.scheme import Scheme

#: The axes that a door reads a bare shape by, where nothing else is said.
DOOR_AXES: Final = {"numpy": "kernel", "torch": "torch", "keras": "kernel", "jax": "kernel"}
#: Beside the schemes that count fans, those whose doors have the parameters of the scheme. Other
#: doors have the signature of the framework, which may mean another law.
_NAMED: Final = (Generator.ORTHOGONAL, Generator.DELTA_ORTHOGONAL)
#: JAX's function has no defaults.
_WITHOUT_DEFAULTS: Final = "variance_scaling"


def code_lines(scheme: Scheme, shape: tuple[int, ...], axes: str, dtype: str) -> Mapping[str, str]:
    """Return the line that draws a weight in each framework; all of them give the same bits.

    Args:
        scheme: what to draw.
        shape, axes, dtype: of the weight.

    Examples:
        >>> from fanwise import scheme
        >>> code_lines(scheme("he_normal"), (512, 256), "kernel", "float32")["keras"]
        'fanwise.keras.HeNormal(seed=0)((512, 256))'
    """
    name, given = scheme.family, scheme.to_dict()["params"]
    params = _params(given)
    value = scheme_line(scheme) if given else _quoted(name)
    named = scheme.entry.uses_fan or scheme.entry.distribution["kind"] in _NAMED
    place = {
        framework: "" if _words(axes) == _words(read) else f", axes={_quoted(axes)}"
        for framework, read in DOOR_AXES.items()
    }
    numpy_dtype = "" if dtype == "float32" else f', dtype="{dtype}"'
    torch_dtype = "" if dtype == "float32" else f", dtype=torch.{dtype}"
    keras_dtype = "" if dtype == "float32" else f', "{dtype}"'
    tensor = f"torch.empty({', '.join(map(str, shape)) or '()'}{torch_dtype})"
    torch = f"init_({tensor}, {value}"
    keras, jax = f"SchemeInitializer({value}, ", f"initializer({value}, "
    if named:
        torch = f"{name}_({tensor}{params}"
    if named and not given:
        keras = f"{_class_name(name)}("
    if named and not given and not place["jax"] and name != _WITHOUT_DEFAULTS:
        jax = f"{name}("
    return {
        "numpy": f"fanwise.sample({value}, {shape}, seed=0{place['numpy']}{numpy_dtype})",
        "torch": f"fanwise.torch.{torch}, seed=0{place['torch']})",
        "keras": f"fanwise.keras.{keras}seed=0{place['keras']})({shape}{keras_dtype})",
        "jax": f'fanwise.jax.{jax}seed=0{place["jax"]})({shape}, "{dtype}")',
    }


def scheme_line(scheme: Scheme) -> str:
    """Return the call that makes a scheme.

    Examples:
        >>> from fanwise import scheme
        >>> scheme_line(scheme("normal", std=0.02))
        'fanwise.scheme("normal", std=0.02)'
    """
    return f"fanwise.scheme({_quoted(scheme.family)}{_params(scheme.to_dict()['params'])})"


def _params(given: Mapping[str, Any]) -> str:
    return "".join(f", {key}={_quoted(value)}" for key, value in given.items())


def _words(axes: str) -> str:
    return PATTERNS.get(axes, axes)


def _class_name(scheme: str) -> str:
    return "".join(word.capitalize() for word in scheme.split("_"))


def _quoted(value: Any) -> str:
    """Write a value as Python does, a text in double quotes."""
    return f'"{value}"' if isinstance(value, str) else repr(value)
