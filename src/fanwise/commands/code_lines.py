"""The line of code that draws a scheme in each framework."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fanwise.spec.axes import PATTERNS
from fanwise.spec.catalogue import catalogue
from fanwise.spec.entries import Entry
from fanwise.spec.laws import Generator
from fanwise.spec.scheme import Scheme

#: The axes that a door reads a bare shape by, where nothing else is said.
DOOR_AXES: Final = {"numpy": "kernel", "torch": "torch", "keras": "kernel", "jax": "kernel"}
#: Beside the schemes that count fans, those whose doors have the parameters of the scheme. Other
#: doors have the signature of the framework, which may mean another law.
_NAMED: Final = (Generator.ORTHOGONAL, Generator.DELTA_ORTHOGONAL)
#: The version of the specification whose schemes have doors with the signatures of the frameworks;
#: those of later ones have their own parameters everywhere.
_FIRST: Final = "1.0"
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
    entry = scheme.entry
    kind = entry.distribution["kind"]
    named = entry.since != _FIRST or entry.uses_fan or kind in _NAMED
    place = {
        framework: "" if _words(axes) == _words(entry.axes or read) else f", axes={_quoted(axes)}"
        for framework, read in DOOR_AXES.items()
    }
    # Weights that are drawn together find each other by what their paths have in common.
    path = f", path={_quoted(path_of(entry))}" if entry.members else ""
    numpy_dtype = "" if dtype == "float32" else f', dtype="{dtype}"'
    torch_dtype = "" if dtype == "float32" else f", dtype=torch.{dtype}"
    keras_dtype = "" if dtype == "float32" else f', "{dtype}"'
    tensor = f"torch.empty({', '.join(map(str, shape)) or '()'}{torch_dtype})"
    torch = f"init_({tensor}, {value}, seed=0"
    keras, jax = f"SchemeInitializer({value}, seed=0", f"initializer({value}, seed=0"
    if named:
        torch = f"{name}_({tensor}{params}, seed=0"
    if entry.since != _FIRST:
        seed = ", seed=0" if entry.draws else ""
        keras = f"{class_name(name)}({f'{params}{seed}'.removeprefix(', ')}"
        jax = f"{name}({f'{params}, seed=0'.removeprefix(', ')}"
    elif named and not given:
        keras = f"{class_name(name)}(seed=0"
        if not place["jax"] and name != _WITHOUT_DEFAULTS:
            jax = f"{name}(seed=0"
    ends = {framework: f"{path}{axes_of}" for framework, axes_of in place.items()}
    return {
        "numpy": f"fanwise.sample({value}, {shape}, seed=0{ends['numpy']}{numpy_dtype})",
        "torch": f"fanwise.torch.{torch}{ends['torch']})",
        "keras": f"fanwise.keras.{_closed(keras, ends['keras'])}({shape}{keras_dtype})",
        "jax": f'fanwise.jax.{jax}{ends["jax"]})({shape}, "{dtype}")',
    }


def path_of(entry: Entry) -> str | None:
    """Return a path for a weight of a scheme that needs one: its own of the joint ones.

    Examples:
        >>> from fanwise.spec.catalogue import catalogue
        >>> path_of(catalogue().entries["chrono_input"])
        'layer/bias'
    """
    if not entry.members:
        return None
    # In the order of the names, one scheme for each of them.
    joint = [e.name for e in catalogue().entries.values() if e.members == entry.members]
    place = min(joint.index(entry.name), len(entry.members) - 1)
    return f"layer/{entry.members[place]}"


def class_name(scheme: str) -> str:
    """Return what Keras's class of a scheme is called.

    Examples:
        >>> class_name("he_normal")
        'HeNormal'
    """
    return "".join(word.capitalize() for word in scheme.split("_"))


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


def _closed(call: str, more: str) -> str:
    """End a call with further arguments, which may be the first."""
    return f"{call}{more.removeprefix(', ') if call.endswith('(') else more})"


def _quoted(value: Any) -> str:
    """Write a value as Python does, a text in double quotes."""
    return f'"{value}"' if isinstance(value, str) else repr(value)
