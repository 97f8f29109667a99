"""Every scheme of the catalogue has a class and a short name, whoever added it."""

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


@pytest.mark.parametrize("name", catalogue().entries)
def test_every_scheme_has_a_class_and_a_short_name(name):
    cls = getattr(fk, "".join(word.capitalize() for word in name.split("_")))
    assert getattr(fk, name) is cls
    assert issubclass(cls, keras.initializers.Initializer)
    assert cls().scheme.family == name
    assert {cls.__qualname__, name} <= set(fk.__all__)
    # Keras's "normal" and "uniform" are its own RandomNormal and RandomUniform.
    if name not in ("normal", "uniform"):
        assert type(fk.get(name)) is cls
    assert type(fk.get(cls.__qualname__)) is cls
    assert type(fk.deserialize(fk.serialize(cls()))) is cls


@pytest.mark.parametrize("name", catalogue().entries)
def test_a_signature_has_the_parameters_of_the_scheme(name):
    entry, parameters = catalogue().entries[name], signature(getattr(fk, name)).parameters
    assert {"path", "axes", "engine"} <= {
        key for key, each in parameters.items() if each.kind is Parameter.KEYWORD_ONLY
    }
    own = set(entry.parameters) - ({"fan", "groups"} if entry.uses_fan else set())
    if issubclass(getattr(fk, name), CatalogueInitializer):
        assert own <= set(parameters)
        assert all(parameters[key].default == entry.parameters[key].default for key in own)


def test_a_scheme_that_the_catalogue_gains_has_its_class(monkeypatch):
    entry = replace(catalogue().entries["kaiming_normal"], name="new_normal", alias_of=None)
    entries = {**catalogue().entries, "new_normal": entry}
    classes = scheme_classes({"new_normal": entry})
    gained = Catalogue(catalogue().version, entries)
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


MADE = [
    name
    for name in fk.__all__
    if isinstance(getattr(fk, name), type) and issubclass(getattr(fk, name), CatalogueInitializer)
]


@pytest.mark.parametrize("name", MADE)
def test_a_made_class_is_named_where_its_arguments_do_not_fit(name):
    with pytest.raises(TypeError, match=r"^[A-Z]\w+\(\): .*'sed'") as error:
        getattr(fk, name)(sed=0)
    assert str(error.value).startswith(getattr(fk, name).__qualname__)
