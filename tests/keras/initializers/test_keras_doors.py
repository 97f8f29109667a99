"""Every scheme of the catalogue has a class and a short name, whoever added it."""

import subprocess
import sys
from dataclasses import replace
from inspect import Parameter, signature

import keras
import pytest
from common.bits import same_bits

import fanwise.keras as fk
from fanwise import sample
from fanwise.adapters.keras.drawing.transfer import host_array
from fanwise.adapters.keras.initializers.catalogue import (
    CatalogueInitializer,
    CatalogueScaling,
    scheme_classes,
)
from fanwise.spec.catalogue import Catalogue, catalogue
from fanwise.spec.registry import entry_of, example_of


@pytest.mark.parametrize("name", catalogue().entries)
def test_every_scheme_has_a_class_and_a_short_name(name):
    cls = getattr(fk, "".join(word.capitalize() for word in name.split("_")))
    assert getattr(fk, name) is cls
    assert issubclass(cls, keras.initializers.Initializer)
    given = entry_of(name).example
    assert cls(**given).scheme.family == name
    assert not given or cls(**given).scheme == example_of(name)
    assert {cls.__qualname__, name} <= set(fk.__all__)
    # Keras's "normal" and "uniform" are its own RandomNormal and RandomUniform.
    if name not in ("normal", "uniform") and not given:
        assert type(fk.get(name)) is cls
    if not given:
        assert type(fk.get(cls.__qualname__)) is cls
    assert type(fk.deserialize(fk.serialize(cls(**given)))) is cls


@pytest.mark.parametrize("name", catalogue().entries)
def test_a_signature_has_the_parameters_of_the_scheme(name):
    entry, parameters = catalogue().entries[name], signature(getattr(fk, name)).parameters
    assert {"path", "axes", "engine"} <= {
        key for key, each in parameters.items() if each.kind is Parameter.KEYWORD_ONLY
    }
    own = set(entry.parameters) - ({"fan", "groups"} if entry.uses_fan else set())
    if issubclass(getattr(fk, name), CatalogueInitializer):
        assert own <= set(parameters)
        assert all(
            parameters[key].default == (Parameter.empty if declared.required else declared.default)
            for key, declared in entry.parameters.items()
            if key in own
        )


def test_a_scheme_that_the_catalogue_gains_has_its_class(monkeypatch):
    entry = replace(catalogue().entries["kaiming_normal"], name="new_normal", alias_of=None)
    entries = {**catalogue().entries, "new_normal": entry}
    classes = scheme_classes({"new_normal": entry})
    gained = Catalogue(catalogue().version, entries, entries)
    for module in ("fanwise.spec.scheme", "fanwise.spec.registry"):
        monkeypatch.setattr(sys.modules[module], "catalogue", lambda: gained)
    cls = classes["NewNormal"]
    assert list(classes) == ["NewNormal"]
    assert issubclass(cls, CatalogueScaling)
    assert list(signature(cls).parameters)[:4] == ["a", "mode", "nonlinearity", "seed"]
    initializer = cls(mode="fan_out", seed=3, path="w")
    wanted = sample(fk.KaimingNormal(mode="fan_out").scheme, (4, 6), seed=3, path="w")
    assert same_bits(host_array(initializer((4, 6))), wanted)
    assert initializer.get_config()["mode"] == "fan_out"


@pytest.mark.parametrize("name", ["linspace", "mamba_a_log", "Dirac", "layer_scale"])
def test_a_class_that_draws_nothing_says_why_it_takes_no_seed(name):
    with pytest.raises(TypeError, match=r"'seed': .* draws nothing, so it takes no seed"):
        getattr(fk, name)(seed=0)


def test_a_class_that_is_not_made_yet_is_known_to_keras_by_its_registered_name():
    code = """
import keras, fanwise.keras as fk
made = keras.initializers.get("fanwise>SmallInit")
assert type(made) is fk.SmallInit, type(made)
config = {"class_name": "fanwise>S4Quad", "registered_name": "fanwise>S4dQuad", "config": {}}
assert type(keras.initializers.deserialize(config)) is fk.S4dQuad
layer = keras.layers.Dense(2, kernel_initializer="fanwise>Mitchell")
assert type(layer.kernel_initializer) is fk.Mitchell
"""
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", ["deepnorm", "xavier_normal", "t5_up", "switch_moe"])
def test_an_einsum_gives_an_initializer_that_counts_fans_its_axes(name):
    """The kernel (4, 2, 3) has 4 inputs and 6 outputs; read as a kernel it would have 8 and 12."""
    initializer = getattr(fk, name)(seed=3, path="w", **entry_of(name).example)
    layer = keras.layers.EinsumDense("ab,bcd->acd", (2, 3), kernel_initializer=initializer)
    layer.build((None, 4))
    wanted = sample(initializer.scheme, (4, 2, 3), seed=3, path="w", axes="in out out")
    assert same_bits(host_array(layer.kernel), wanted)


MADE = [
    name
    for name in fk.__all__
    if isinstance(getattr(fk, name), type) and issubclass(getattr(fk, name), CatalogueInitializer)
]


@pytest.mark.parametrize("name", MADE)
def test_a_made_class_is_named_where_its_arguments_do_not_fit(name):
    with pytest.raises(TypeError, match=r"^[A-Z]\w+\(\): .*'sed'") as error:
        getattr(fk, name)(sed=0, **entry_of(getattr(fk, name).scheme_name).example)
    assert str(error.value).startswith(getattr(fk, name).__qualname__)
