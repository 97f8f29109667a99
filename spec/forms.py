"""The form of plain data as a JSON Schema: of a recipe, of results, of deviations.

Only the words of JSON Schema that the three forms use are known. An error names the place, what was
expected there, and, by the ``description`` of the schema, what to write.
"""

from __future__ import annotations

import json
import numbers
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean
from fanwise.spec.gains import is_finite
from fanwise.spec.own_files import own_text

Schema = Mapping[str, Any]


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and is_finite(value)


_TYPES: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "string": (lambda value: isinstance(value, str), "text"),
    "number": (_is_number, "a finite number"),
    "integer": (lambda value: isinstance(value, int) and not isinstance(value, bool), "an integer"),
    "boolean": (lambda value: isinstance(value, bool), "true or false"),
    "null": (lambda value: value is None, "null"),
    "array": (lambda value: isinstance(value, list | tuple), "a list"),
    "object": (lambda value: isinstance(value, Mapping), "a table"),
}


@dataclass(frozen=True)
class DataForm:
    """What plain data must look like.

    Attributes:
        what: what the data is, in words.
        schema: the schema; its ``$defs`` may be referred to.
        part: the name of one of the ``$defs`` to hold the data to, instead of the whole.
    """

    what: str
    schema: Schema
    part: str = ""

    @classmethod
    def of_file(cls, what: str, package: str, name: str, part: str = "") -> Self:
        """Read the schema from a file of the package."""
        return cls(what, json.loads(own_text(package, name)), part)

    def check(self, data: object) -> None:
        """Raise where the data does not have the form.

        Raises:
            FanwiseError: naming the place of the first fault.
        """
        schema = self.schema["$defs"][self.part] if self.part else self.schema
        self._check(data, schema, self.what)

    def _check(self, value: Any, schema: Schema, place: str) -> None:
        while "$ref" in schema:
            schema = self.schema["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        if not _fits(value, schema):
            hint = schema.get("description", f"Correct {place}").removesuffix(".") + "."
            if isinstance(value, str) and "enum" in schema:
                hint = f"{did_you_mean(value, schema['enum'])} {hint}"
            raise FanwiseError(f"{_words(schema)} as {place}", value, hint)
        if "anyOf" in schema:
            # The one of its type tells best what is wrong.
            (chosen, *_) = (option for option in schema["anyOf"] if _has_type(value, option))
            self._check(value, chosen, place)
        elif isinstance(value, Mapping):
            self._check_table(value, schema, place)
        elif isinstance(value, list | tuple) and "items" in schema:
            for number, item in enumerate(value, 1):
                entry = f"entry {number} of {place}" if " " in place else f"{place} {number}"
                self._check(item, schema["items"], entry)

    def _check_table(self, table: Mapping[Any, Any], schema: Schema, place: str) -> None:
        properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        for key in schema.get("required", ()):
            if key not in table:
                described = properties.get(key, {}).get("description", f"Give {key}")
                hint = f"{described.removesuffix('.')}."
                received = Phrase(", ".join(map(repr, table)) or "nothing")
                raise FanwiseError(f"the key {key!r} in {place}", received, hint)
        for key, value in table.items():
            if not isinstance(key, str):
                raise FanwiseError(f"text as every key of {place}", key, "Write it in quotes.")
            inside = f"{key!r} of {place}" if place != self.what else key
            if key in properties:
                self._check(value, properties[key], inside)
            elif others is False:
                raise FanwiseError(f"a key of {place}", key, did_you_mean(key, properties))
            elif others is not True:
                self._check(value, others, inside)


def _fits(value: Any, schema: Schema) -> bool:
    """Tell whether a value fits a schema, what is inside of it aside."""
    if "anyOf" in schema:
        return any(_has_type(value, option) for option in schema["anyOf"])
    if not _has_type(value, schema):
        return False
    if "const" in schema and value != schema["const"]:
        return False
    if "enum" in schema and not (isinstance(value, str) and value in schema["enum"]):
        return False
    if isinstance(value, str):
        # Every pattern is of whole texts; to search would let a line feed pass at the end.
        alike = "pattern" not in schema or re.fullmatch(schema["pattern"], value) is not None
        return alike and len(value) >= int(schema.get("minLength", 0))
    if isinstance(value, list | tuple):
        return len(value) >= int(schema.get("minItems", 0))
    if _is_number(value):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return True


def _has_type(value: Any, schema: Schema) -> bool:
    names: str | Sequence[str] = schema.get("type", ())
    names = (names,) if isinstance(names, str) else names
    return not names or any(_TYPES[name][0](value) for name in names)


def _words(schema: Schema) -> str:
    """Say what a schema accepts."""
    if "title" in schema:
        return str(schema["title"])
    if "enum" in schema:
        return f"one of {', '.join(map(repr, schema['enum']))}"
    if "const" in schema:
        return repr(schema["const"])
    names = schema.get("type", ())
    words = " or ".join(_TYPES[name][1] for name in ([names] if isinstance(names, str) else names))
    if schema.get("minLength") or schema.get("minItems"):
        words += " that is not empty"
    if "pattern" in schema:
        words += f" like {schema['pattern']}"
    limits = [(">=", schema.get("minimum")), ("<=", schema.get("maximum"))]
    return words + "".join(f" {sign} {limit}" for sign, limit in limits if limit is not None)
