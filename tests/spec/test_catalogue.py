"""The catalogue follows its schema, and what does not is refused by both."""

import copy
import json
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from importlib import resources
from typing import Any

import pytest
from common.bits import same_bits
from jsonschema import Draft202012Validator

import fanwise
from fanwise.spec import FanwiseError
from fanwise.spec.catalogue import _FAMILIES, parse
from fanwise.spec.generators import GENERATORS
from fanwise.spec.parameters import FromParameter
from fanwise.spec.registry import entry_of, example_of

FILES = resources.files("fanwise.spec")
SCHEMA = json.loads(FILES.joinpath("schemes.schema.json").read_text("utf-8"))
DATA = tomllib.loads(FILES.joinpath("schemes.toml").read_text("utf-8"))
FAMILIES = {
    name: tomllib.loads(FILES.joinpath("schemes", f"{name}.toml").read_text("utf-8"))
    for name in _FAMILIES
}
#: All files as one.
WHOLE = {
    "version": DATA["version"],
    **{
        table: {
            name: row
            for part in (DATA, *FAMILIES.values())
            for name, row in part.get(table, {}).items()
        }
        for table in ("parameters", "schemes")
    },
}
VALIDATOR = Draft202012Validator(SCHEMA)

Change = Callable[[dict[str, Any]], object]


def changed(change: Change) -> dict[str, Any]:
    data = copy.deepcopy(DATA)
    change(data)
    # As text, where 1.0 is not true.
    assert json.dumps(data) != json.dumps(DATA), "the variant is not broken at all"
    return data


def scheme(name: str, **changes: Any) -> Change:
    return lambda data: data["schemes"][name].update(changes)


def parameter(name: str, **changes: Any) -> Change:
    return lambda data: data["parameters"][name].update(changes)


def without_default(name: str, **changes: Any) -> Change:
    def change(data: dict[str, Any]) -> None:
        del data["parameters"][name]["default"]
        data["parameters"][name].update(changes)

    return change


def without(table: str, name: str, key: str) -> Change:
    return lambda data: data[table][name].pop(key)


BROKEN: dict[str, Change] = {
    "no version": lambda data: data.pop("version"),
    "a version that is a number": lambda data: data.update(version=1.0),
    "no parameters": lambda data: data.pop("parameters"),
    "no schemes": lambda data: data.pop("schemes"),
    "an unknown table": lambda data: data.update(aliases={}),
    "schemes that are a list": lambda data: data.update(schemes=[]),
    "a scheme that is text": lambda data: data["schemes"].update(zeros="0"),
    "a scheme with a bad name": lambda data: data["schemes"].update(
        {"a b": data["schemes"]["zeros"]}
    ),
    "an unknown key of a scheme": scheme("zeros", deprecated=True),
    "a scheme without a reference": without("schemes", "he_normal", "reference"),
    "a scheme without a summary": without("schemes", "he_normal", "summary"),
    "a scheme without a distribution": without("schemes", "he_normal", "distribution"),
    "a scheme without a scale": without("schemes", "he_normal", "scale"),
    "an empty reference": scheme("zeros", reference=""),
    "a summary that is a number": scheme("zeros", summary=3),
    "an unknown distribution": scheme("normal", distribution={"kind": "cauchy", "mean": 0.0}),
    "no kind of distribution": scheme("normal", distribution={"mean": 0.0}),
    "a key that the distribution lacks": scheme(
        "normal", distribution={"kind": "normal", "low": 0.0}
    ),
    "a key that the distribution needs": scheme(
        "he_normal", distribution={"kind": "truncated_normal", "low": -2.0, "high": 2.0}
    ),
    "a truth value for a number": scheme("zeros", distribution={"kind": "constant", "value": True}),
    "a number for a truth value": scheme(
        "he_normal",
        distribution={"kind": "truncated_normal", "low": -2.0, "high": 2.0, "corrected": 1.0},
    ),
    "a distribution that is text": scheme("zeros", distribution="constant"),
    "an unknown rule": scheme("normal", scale={"rule": "variation", "std": 1.0}),
    "a rule without its keys": scheme("normal", scale={"rule": "std"}),
    "a rule with another's keys": scheme(
        "normal", scale={"rule": "std", "std": 1.0, "fan": "fan_in"}
    ),
    "a variance with two numerators": scheme(
        "he_normal", scale={"rule": "variance", "scale": 2.0, "gain": 1.0, "fan": "fan_in"}
    ),
    "an unknown fan": scheme(
        "he_normal", scale={"rule": "variance", "scale": 2.0, "fan": "fan_on"}
    ),
    "a nonlinearity by its own name": scheme(
        "kaiming_normal",
        scale={"rule": "variance", "nonlinearity": "relu", "a": 0.0, "fan": "fan_in"},
    ),
    "a fan rule without the parameter fan": scheme("he_normal", parameters=["groups"]),
    "a fan rule without the parameter groups": scheme("he_normal", parameters=["fan"]),
    "a scale for a constant": scheme("zeros", scale={"rule": "std", "std": 1.0}),
    "a scale for a structured scheme": scheme("dirac", scale={"rule": "std", "std": 1.0}),
    "a normal without a scale": scheme("normal", scale={"rule": "none"}),
    "a range for a normal": scheme("normal", scale={"rule": "range", "low": 0.0, "high": 1.0}),
    "parameters as text": scheme("constant", parameters="value"),
    "a parameter twice": scheme("constant", parameters=["value", "value"]),
    "defaults as a list": scheme("constant", defaults=["value"]),
    "an unknown kind of parameter": parameter("std", kind="numeral"),
    "an unknown key of a parameter": parameter("std", beneath=3.0),
    "a value in other letters": scheme("zeros", distribution={"kind": "constant", "value": "#"}),
    "a default of what is required": parameter("std", required=True),
    "required in words": without_default("std", required="yes"),
    "a fraction in a shape": scheme("zeros", shape=[1.5]),
    "a shape as text": scheme("zeros", shape="4"),
    "axes as a list": scheme("zeros", axes=["out"]),
    "an unknown step": scheme("normal", after={"step": "unit", "gain": 1.0}),
    "a step without a gain": scheme("normal", after={"step": "unit_rows"}),
    "members that are numbers": scheme("zeros", members=[1]),
    "requirements as text": scheme("zeros", requires="rows == columns"),
    "a formula without a value": scheme(
        "zeros", distribution={"kind": "formula"}, scale={"rule": "none"}
    ),
    "a formula with a scale": scheme(
        "normal",
        distribution={"kind": "formula", "value": "column"},
        scale={"rule": "std", "std": 1.0},
    ),
    "a formula that is a number": scheme("zeros", distribution={"kind": "formula", "value": 1.0}),
    "a parameter without a kind": without("parameters", "std", "kind"),
    "a parameter without a summary": without("parameters", "std", "summary"),
    "a bound in words": parameter("std", minimum="0"),
    "a bound for a choice": parameter("mode", minimum=0.0),
    "a choice of nothing": parameter("mode", choices=[]),
    "a choice without choices": without("parameters", "mode", "choices"),
    "choices of a number": parameter("std", choices=["1"]),
    "choices that are numbers": parameter("mode", choices=[1, 2]),
    "a default of another type": parameter("std", default="1"),
    "a truth value as default of a number": parameter("std", default=True),
    "a fraction as default of an integer": parameter("groups", default=1.5),
}

#: What only the whole catalogue shows.
BROKEN_BEYOND_A_SCHEMA: dict[str, Change] = {
    "a value in words": scheme("zeros", distribution={"kind": "constant", "value": "zero"}),
    "a value that is no arithmetic": scheme(
        "zeros", distribution={"kind": "constant", "value": "(1"}
    ),
    "a place of an element outside of a formula": scheme(
        "zeros", distribution={"kind": "constant", "value": "column"}
    ),
    "members of an unknown scheme": scheme("zeros", members="query"),
    "members of a scheme without any": scheme("zeros", members="ones"),
    "a requirement that is no comparison": scheme("zeros", requires=["rows"]),
    "two comparisons in one": scheme("zeros", requires=["1 < rows < columns"]),
    "a requirement of another's parameter": scheme("zeros", requires=["rows == value"]),
    "a requirement of a fan": scheme("zeros", requires=["fan_in == fan_out"]),
    "a requirement of an element's place": scheme("zeros", requires=["row == column"]),
    "an example of another's parameter": scheme("zeros", example={"value": 1.0}),
    "an example that is out of bounds": scheme("normal", example={"std": -1.0}),
    "a parameter that is required, and no example": without_default("std", required=True),
    "a step after a constant": scheme("zeros", after={"step": "unit_rows", "gain": 1.0}),
    "a shape that the axes do not fit": scheme("zeros", axes="in out", shape=[2]),
    "a parameter that is not declared": scheme("zeros", parameters=["valeu"]),
    "a reference to another's parameter": scheme(
        "zeros", distribution={"kind": "constant", "value": "$value"}
    ),
    "a default of another's parameter": scheme("zeros", defaults={"value": 0.0}),
    "an alias of an unknown scheme": scheme("xavier_uniform", alias_of="glorot_unifrom"),
    "a default beyond the bounds": parameter("std", default=-1.0),
    "a default of its own beyond the bounds": scheme("sparse", defaults={"std": -1.0}),
    "a default that is no choice": parameter("mode", default="fan"),
    "a default that is no nonlinearity": parameter("nonlinearity", default="rule"),
    "a kind by a number": scheme(
        "variance_scaling",
        distribution={"kind": "$scale", "low": -2.0, "high": 2.0, "corrected": True},
    ),
    "a fan by a number": scheme(
        "variance_scaling", scale={"rule": "variance", "scale": 1.0, "fan": "$scale"}
    ),
    "a choice of unknown distributions": parameter(
        "distribution", choices=["truncated_normal", "t"]
    ),
}


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_catalogue_follows_the_schema() -> None:
    assert [error.message for error in VALIDATOR.iter_errors(WHOLE)] == []
    read, own = parse(DATA, FAMILIES), fanwise.spec.catalogue()
    assert (read.version, read.basic) == (own.version, own.basic)
    assert list(read.entries) == list(own.entries)
    assert dict(read.entries) == dict(own.entries)


def test_every_file_of_a_family_is_read() -> None:
    files = {file.name for file in FILES.joinpath("schemes").iterdir()}
    assert files == {f"{name}.toml" for name in _FAMILIES}


def test_a_basic_scheme_is_had_without_the_files_of_the_families() -> None:
    code = """
import sys
import fanwise
module = sys.modules["fanwise.spec.catalogue"]
fanwise.scheme("he_normal").std((4, 5))
assert "rotary" in fanwise.schemes() and module._whole.cache_info().misses == 0
fanwise.scheme("rotary")
assert module._whole.cache_info().misses == 1
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_schema_has_the_generators_with_their_keys() -> None:
    properties = SCHEMA["$defs"]["generator"]["properties"]
    assert properties["kind"]["enum"] == sorted(GENERATORS)
    assert set(properties) - {"kind"} == set().union(*(g.keys for g in GENERATORS.values()))


@pytest.mark.parametrize(
    "family",
    [
        {"schemes": {"zeros": DATA["schemes"]["zeros"]}},
        {"parameters": {"std": DATA["parameters"]["std"]}},
        {"schemes": []},
        {"version": "2.0"},
        {"scheme": {}},
    ],
)
def test_a_family_means_nothing_twice_and_has_schemes_and_parameters_alone(
    family: dict[str, Any],
) -> None:
    with pytest.raises(FanwiseError):
        parse(DATA, {"more": family})


def test_a_family_builds_on_the_parameters_of_the_others() -> None:
    row = {**DATA["schemes"]["normal"], "parameters": ["std", "mean", "width"]}
    row["scale"] = {"rule": "std", "std": "std / sqrt(width * fan_in)"}
    width = {"kind": "number", "above": 0, "required": True, "summary": "a width"}
    more = {"parameters": {"width": width}, "schemes": {"wide": {**row, "example": {"width": 2}}}}
    entry = parse(DATA, {"scale": more}).entries["wide"]
    assert (entry.family, entry.uses_fan, entry.has_fan_rule) == ("scale", True, False)
    assert entry.fans_named == {"fan_in"}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_catalogue_is_refused_by_schema_and_loader(name: str) -> None:
    data = changed(BROKEN[name])
    assert not VALIDATOR.is_valid(data)
    with pytest.raises(FanwiseError) as caught:
        parse(data)
    assert caught.value.expected
    assert caught.value.hint


@pytest.mark.parametrize("name", BROKEN_BEYOND_A_SCHEMA)
def test_what_a_schema_cannot_see_is_refused_by_the_loader(name: str) -> None:
    data = changed(BROKEN_BEYOND_A_SCHEMA[name])
    assert VALIDATOR.is_valid(data)
    with pytest.raises(FanwiseError):
        parse(data)


def described(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema that describes a whole object: conditions describe a part of one."""
    if isinstance(schema, dict):
        if "properties" in schema or "patternProperties" in schema:
            yield schema
        for key, value in schema.items():
            if key not in ("if", "then", "else"):
                yield from described(value)
    if isinstance(schema, list):
        for value in schema:
            yield from described(value)


def test_no_object_takes_other_keys() -> None:
    objects = list(described(SCHEMA))
    assert len(objects) > 20
    assert all(found.get("additionalProperties") is False for found in objects)


def test_every_parameter_is_taken_by_a_scheme() -> None:
    taken = {name for row in WHOLE["schemes"].values() for name in row.get("parameters", [])}
    assert taken == set(WHOLE["parameters"])


def test_every_parameter_of_a_scheme_is_used() -> None:
    """By a reference or an expression; groups by what counts fans, and fan by its rule."""
    for name, entry in fanwise.spec.catalogue().entries.items():
        tables = (entry.distribution, entry.scale, entry.after or {})
        values = [value for table in tables for value in table.values()]
        used = {value.name for value in values if isinstance(value, FromParameter)}
        used |= entry.names.intersection(entry.parameters)
        used |= {"fan", "groups"} if entry.has_fan_rule else set()
        used |= {"groups"} if entry.fans_named else set()
        assert set(entry.parameters) <= used, name


@pytest.mark.parametrize("name", [n for n, row in WHOLE["schemes"].items() if "alias_of" in row])
def test_aliases_draw_the_same_weights(name: str) -> None:
    other = WHOLE["schemes"][name]["alias_of"]
    alias = example_of(name)
    same = fanwise.scheme(other, **entry_of(name).example)
    for shape in ((16, 48), (3, 3, 5, 7)):
        drawn = fanwise.sample(alias, shape, seed=1)
        assert same_bits(drawn, fanwise.sample(same, shape, seed=1))


def test_joint_schemes_list_their_members_once() -> None:
    written = [row["members"] for row in WHOLE["schemes"].values() if "members" in row]
    lists = [tuple(members) for members in written if isinstance(members, list)]
    assert len(lists) == len(set(lists)) > 1
    assert entry_of("lru_gamma").members == entry_of("lru_ring").members == ("nu_log", "gamma_log")


@pytest.mark.parametrize("name", ["mup_hidden", "mup_output", "mup_residual", "complete_p"])
def test_a_std_means_nothing_without_the_width_that_it_was_found_on(name: str) -> None:
    with pytest.raises(fanwise.FanwiseError, match="base_width, which"):
        fanwise.scheme(name, std=0.02, **({"layers": 12} if name == "mup_residual" else {}))


def test_schemes_are_in_the_catalogue_s_order() -> None:
    assert fanwise.schemes()[: len(DATA["schemes"])] == tuple(DATA["schemes"])
    assert len(fanwise.schemes()) >= len(WHOLE["schemes"])
