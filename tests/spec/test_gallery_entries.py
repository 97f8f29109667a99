"""The gallery says what each scheme of the catalogue is for, and nothing of what is none."""

import json
from importlib import resources

import pytest
from jsonschema import Draft202012Validator

from fanwise.spec.catalogue import catalogue
from fanwise.spec.errors import FanwiseError
from fanwise.spec.gallery_entries import families, gallery, parse, words_of

FILES = resources.files("fanwise.spec")
SCHEMA = json.loads(FILES.joinpath("gallery.schema.json").read_text("utf-8"))
HEADS = {"basic": {"title": "Basic", "summary": "All of them."}}
ENTRY = {
    "title": "Zeros",
    "used_for": "biases",
    "when": "For biases.",
    "not_when": "For kernels.",
    "architectures": ["any"],
    "roles": ["bias"],
}


def parsed(entries, schemes=("zeros",), **files):
    return parse({"families": HEADS, "basic": entries, **files}, schemes)


def test_each_scheme_has_one_entry_in_the_gallery():
    told = [name for family in families() for name in family.entries]
    assert sorted(told) == sorted(catalogue().entries)
    assert {*gallery()} == {*told}
    named = {name for entry in gallery().values() for name in entry.see_also}
    assert named <= {*told}


def test_the_entries_of_a_family_are_those_of_its_file_in_the_catalogue():
    of_files = {name: entry.family for name, entry in catalogue().entries.items()}
    assert {name: family.name for family in families() for name in family.entries} == of_files


def test_usual_values_are_right_ones():
    for name, told in gallery().items():
        for key, value in told.params.items():
            catalogue().entries[name].parameters[key].checked(value)


def test_the_schema_is_one_and_the_gallery_follows_it():
    Draft202012Validator.check_schema(SCHEMA)
    (family,) = parsed({"zeros": ENTRY})
    assert family.entries["zeros"].roles == ("bias",)
    Draft202012Validator(SCHEMA).validate({"zeros": ENTRY})
    assert "mlp.gate" in words_of("role")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"roles": ["biass"]}, "Did you mean 'bias'?"),
        ({"architectures": []}, "architectures"),
        ({"when": "For biases"}, "full stop"),
        ({"used_for": "biases\nand scales"}, "one line"),
        ({"used": "biases"}, "used"),
        ({"see_also": ["zeross"]}, "Did you mean"),
    ],
)
def test_what_is_wrong_with_an_entry_is_told(change, words):
    with pytest.raises(FanwiseError, match=words):
        parsed({"zeros": {**ENTRY, **change}}, ("zeros", "zeroed"))


@pytest.mark.parametrize(
    ("entries", "schemes", "more", "words"),
    [
        ({}, ("zeros",), {}, "an entry of the gallery for each scheme.*zeros"),
        ({"zeros": ENTRY, "ones": ENTRY}, ("zeros",), {}, "a scheme"),
        ({"zeros": ENTRY}, ("zeros",), {"basik": {}}, "Did you mean 'basic'?"),
        ({"zeros": {k: v for k, v in ENTRY.items() if k != "when"}}, ("zeros",), {}, "'when'"),
    ],
)
def test_a_gallery_that_is_not_that_of_the_catalogue_is_told(entries, schemes, more, words):
    with pytest.raises(FanwiseError, match=words):
        parsed(entries, schemes, **more)


def test_a_scheme_in_two_families_is_told():
    heads = {**HEADS, "scale": HEADS["basic"]}
    data = {"families": heads, "basic": {"zeros": ENTRY}, "scale": {"zeros": ENTRY}}
    with pytest.raises(FanwiseError, match="one entry"):
        parse(data, ("zeros",))
