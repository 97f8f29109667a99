"""The form of plain data, against a whole implementation of JSON Schema."""

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanwise import FanwiseError
from fanwise.spec.forms import DataForm

SCHEMA = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "digest": {"type": "string", "pattern": "^[0-9a-f]{2}$"},
        "kind": {"enum": ["a", "b"]},
        "version": {"type": "integer", "const": 1},
        "count": {"type": ["integer", "null"], "minimum": 0},
        "rate": {"type": "number", "minimum": 0, "maximum": 1},
        "flag": {"type": "boolean"},
        "free": {"type": "object"},
        "rows": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/row"}},
        "init": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/row"}]},
        "numbers": {"type": "object", "additionalProperties": {"type": "number"}},
    },
    "$defs": {
        "row": {
            "type": "object",
            "required": ["x"],
            "properties": {"x": {"type": "integer"}},
            "additionalProperties": {"type": "string"},
        }
    },
}
FORM = DataForm("a document", SCHEMA)

# Floats that are whole are integers to JSON Schema, and none here.
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-2, 3)
    | st.sampled_from([0.5, -0.5, 1.5, "", "a", "b", "c", "0f", "0fa", "long"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["x", "y"]), inner, max_size=2)
    ),
    max_leaves=6,
)
KEYS = st.sampled_from([*SCHEMA["properties"], "other"])


@given(st.dictionaries(KEYS, VALUES, max_size=4) | VALUES)
def test_it_refuses_what_json_schema_refuses(data):
    sound = jsonschema.Draft202012Validator(SCHEMA).is_valid(data)
    if sound:
        FORM.check(data)
    else:
        with pytest.raises(FanwiseError):
            FORM.check(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"name": "x", "rows": [{"x": 1}, {"x": "1"}]}, "an integer as 'x' of rows 2. Rec"),
        ({"name": "x", "rows": []}, "a list that is not empty as rows"),
        ({"name": "x", "rate": 2}, r"a finite number >= 0 <= 1 as rate"),
        ({"name": "x", "rate": float("nan")}, "a finite number"),
        ({"name": "x", "digest": "0f\n"}, r"Received: '0f\\n'"),
        ({"name": "x", "kind": "A"}, "Did you mean 'a'"),
        ({"name": "x", "init": {}}, "the key 'x' in init"),
        ({"name": "x", "nmae": 1}, "a key of a document. Received: 'nmae'. Did you mean 'name'"),
        ({"name": "x", 1: 2}, "text as every key"),
        ({"name": "x", "free": {1: 2}}, "text as every key of free"),
        (None, "a table as a document"),
    ],
)  # fmt: skip
def test_an_error_names_the_place(data, message):
    with pytest.raises(FanwiseError, match=message):
        FORM.check(data)


def test_a_part_of_a_schema_is_a_form():
    part = DataForm("a row", SCHEMA, "row")
    part.check({"x": 1})
    with pytest.raises(FanwiseError, match="the key 'x' in a row"):
        part.check({})
