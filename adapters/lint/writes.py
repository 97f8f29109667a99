"""Which attributes a file writes, of objects of which classes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from fanwise.adapters.lint.guards import ANY, classes_asked_for
from fanwise.adapters.lint.sources import PythonSource
from fanwise.adapters.lint.tensors import is_initializer

#: Methods that end like those that write in place, and write nothing.
_HARMLESS: Final = frozenset(
    {"detach_", "pin_memory_", "rename_", "requires_grad_", "retain_grad_", "share_memory_"}
)
#: Functions that take a tensor and leave it as it is.
_PURE: Final = frozenset(
    {
        "Parameter",
        "Size",
        "empty_like",
        "getattr",
        "hasattr",
        "int",
        "isinstance",
        "len",
        "list",
        "ones_like",
        "print",
        "rand_like",
        "randn_like",
        "repr",
        "str",
        "tuple",
        "type",
        "zeros_like",
        "zip",
    }
)
_FORWARD: Final = re.compile(r"(_\w*)?forward\w*|__call__|extra_repr|__repr__|call|dequantize\w*")
#: Functions that look after a whole module.
_SETS_MODULE: Final = re.compile(
    r".*(init|reset|load|restore|parametri[sz]|materiali[sz]|copy|assign|set_).*",
    re.IGNORECASE,
)
_ALL_WEIGHTS: Final = re.compile(
    r"(named_)?(parameters|buffers)|state_dict|_parameters|get_parameters|_flat_weights"
    r"|_all_weights|all_weights"
)


@dataclass(frozen=True)
class AttributeWrite:
    """A place that writes an attribute.

    Attributes:
        classes: names of those whose objects it may be; ``None`` for any.
    """

    classes: tuple[str, ...] | None


class AttributeWrites:
    """What a file writes.

    Args:
        source: the file.
    """

    def __init__(self, source: PythonSource) -> None:
        self.source = source
        self.by_name: dict[str, list[AttributeWrite]] = {}
        #: Classes all of whose parameters are written by a loop.
        self.whole: set[ast.ClassDef] = set()
        #: Whether something writes the parameters of whatever there is.
        self.everything = False
        for node in source.nodes:
            for written in _written_by(source, node):
                self._add(written)
            self._add_loop(node)

    def writes(self, cls: ast.ClassDef, attribute: str) -> bool:
        """Whether something may write an attribute of the objects of a class."""
        family = {member.name for member in self.source.family(cls)}
        family |= {name.rpartition(".")[2] for name in self.source.bases(cls)}
        family |= self.source.heirs(cls)
        if self.everything or (self.whole and not self.whole.isdisjoint(self._holders(cls))):
            return True
        if any(word in attribute or attribute in word for word in self._words if len(word) > 1):
            return True
        return any(
            write.classes is None or any(_may_be(name, family) for name in write.classes)
            for write in self.by_name.get(attribute, ())
        )

    def _holders(self, cls: ast.ClassDef) -> set[ast.ClassDef]:
        """Name the classes here whose objects are, or hold, those of a class."""
        holders, waiting = {cls}, [cls]
        while waiting:
            more = self._mentioning.get(waiting.pop().name, set()) - holders
            holders |= more
            waiting += more
        return holders

    @cached_property
    def _mentioning(self) -> dict[str, set[ast.ClassDef]]:
        """The classes whose code mentions each class."""
        mentioning: dict[str, set[ast.ClassDef]] = {}
        for node in self.source.nodes:
            if isinstance(node, ast.Name) and node.id in self.source.classes_named:
                outer = self.source.class_of(node)
                if outer is not None:
                    mentioning.setdefault(node.id, set()).add(outer)
        return mentioning

    @cached_property
    def _words(self) -> set[str]:
        """Strings in the functions that set weights: names that they look for."""
        words = set()
        for function in self.source.functions:
            if is_initializer(self.source, function):
                strings = {
                    part.value
                    for part in ast.walk(function)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
                docstring = ast.get_docstring(function, clean=False)  # type: ignore[arg-type]
                words |= strings - {docstring} - _OTHER_WORDS
        return {word for word in words if word.replace(".", "_").isidentifier()}

    def _add(self, target: ast.expr) -> None:
        """Note a write: of the attribute, and of those that lead to it."""
        names = []
        node: ast.AST = target
        while True:
            if isinstance(node, ast.Attribute):
                names.append((node.attr, node))
                node = node.value
            elif isinstance(node, ast.Subscript):
                node = node.value
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                node = node.func
            elif (
                isinstance(node, ast.Call)
                and self.source.last_word(node.func) == "getattr"
                and len(node.args) > 1
            ):
                self._add_named(node)
                return
            else:
                break
        for name, attribute in names:
            self._note(name, self._classes(attribute))
        if isinstance(node, ast.Name):
            self._add_alias(node)

    def _add_named(self, call: ast.Call) -> None:
        """Note a write to ``getattr(object, name)``: of any attribute if the name is not plain."""
        name = call.args[1]
        if isinstance(name, ast.Constant):
            self._note(str(name.value), None)
        elif isinstance(name, ast.Name) and self._add_alias(name):
            pass
        elif (cls := self.source.class_of(call)) is not None:
            self.whole.add(cls)
        else:
            self.everything = True

    def _add_alias(self, name: ast.Name) -> bool:
        """Note a write to the attributes that a local name stands for; say if a loop names some."""
        names_some = False
        for value in self.source.bound_values(name) or []:
            inside = ast.walk(value) if isinstance(value, ast.List | ast.Tuple) else [value]
            for part in inside:
                if isinstance(part, ast.Attribute):
                    self._note(part.attr, self._classes(part))
        for outer in self.source.around(name):
            if isinstance(outer, ast.For | ast.AsyncFor | ast.comprehension) and any(
                isinstance(n, ast.Name) and n.id == name.id for n in ast.walk(outer.target)
            ):
                for part in self._followed(outer.iter):
                    if isinstance(part, ast.Attribute):
                        self._note(part.attr, None)
                    elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                        self._note(part.value, None)
                        names_some = True
        return names_some

    def _followed(self, iterated: ast.expr) -> Iterator[ast.AST]:
        """Name what is in an expression, and in the lists that its names stand for."""
        for part in ast.walk(iterated):
            yield part
            if isinstance(part, ast.Name):
                for value in self.source.bound_values(part) or []:
                    yield from ast.walk(value)

    def _note(self, name: str, classes: tuple[str, ...] | None) -> None:
        self.by_name.setdefault(name, []).append(AttributeWrite(classes))

    def _classes(self, attribute: ast.Attribute) -> tuple[str, ...] | None:
        """Return the classes whose attribute it is; ``None`` if that is not said."""
        holder = attribute.value
        if isinstance(holder, ast.Name) and holder.id == self.source.self_name(attribute):
            cls = self.source.class_of(attribute)
            return (cls.name,) if cls else None
        asked = classes_asked_for(self.source, attribute, holder)
        return None if asked is None or ANY in asked else tuple(asked)

    def _add_loop(self, node: ast.AST) -> None:
        """Note a loop over all parameters that writes them."""
        if isinstance(node, ast.For | ast.AsyncFor):
            body: list[ast.AST] = list(node.body)
            loops = [(node.iter, node.target)]
        elif isinstance(node, ast.ListComp | ast.GeneratorExp):
            body = [node.elt]
            loops = [(g.iter, g.target) for g in node.generators]
        else:
            return
        for iterated, target in loops:
            over = {
                self.source.last_word(part.func if isinstance(part, ast.Call) else part)
                for part in ast.walk(iterated)
            }
            if not any(map(_ALL_WEIGHTS.fullmatch, over)):
                continue
            names = {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
            written = {
                n.id
                for statement in body
                for part in ast.walk(statement)
                for expression in _written_by(self.source, part)
                for n in ast.walk(expression)
                if isinstance(n, ast.Name)
            }
            if names & written:
                cls = self.source.class_of(node)
                if cls is None:
                    self.everything = True
                else:
                    self.whole.add(cls)


#: Strings that say something else than which weights are meant.
_OTHER_WORDS: Final = frozenset(
    {"bfloat16", "cpu", "cuda", "fan_in", "fan_out", "leaky_relu", "linear", "meta", "relu"}
)


def _may_be(name: str, family: set[str]) -> bool:
    """Whether an object of a class, or one whose name holds this word, may be of a family."""
    word = name.rpartition(".")[2]
    return any(word == member or (len(word) > 2 and word in member) for member in family)


def _written_by(source: PythonSource, node: ast.AST) -> Iterator[ast.expr]:
    """Name the expressions that a node writes in place, or hands to what may."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            yield from _written_target(source, target)
    elif isinstance(node, ast.Call):
        yield from _written_by_call(source, node)


def _written_target(source: PythonSource, target: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, ast.Tuple | ast.List):
        for inner in target.elts:
            yield from _written_target(source, inner)
    elif isinstance(target, ast.Subscript) or (
        isinstance(target, ast.Attribute) and target.attr == "data"
    ):
        yield target
    elif isinstance(target, ast.Attribute):
        of_object = isinstance(target.value, ast.Name) and target.value.id == source.self_name(
            target
        )
        if not of_object:
            yield target


def _written_by_call(source: PythonSource, call: ast.Call) -> Iterator[ast.expr]:
    word = source.last_word(call.func)
    if isinstance(call.func, ast.Attribute) and word.endswith("_") and word not in _HARMLESS:
        yield call.func.value
    for keyword in call.keywords:
        if keyword.arg == "out":
            yield keyword.value
    function = source.function_of(call)
    name = getattr(function, "name", "")
    if word in _PURE or (_FORWARD.fullmatch(name) and not word.endswith("_")):
        return
    for value in (*call.args, *(keyword.value for keyword in call.keywords)):
        for part in value.elts if isinstance(value, ast.List | ast.Tuple) else (value,):
            if isinstance(part, ast.Attribute | ast.Name | ast.Subscript | ast.Call):
                yield part


def sets_whole_module(source: PythonSource, cls: ast.ClassDef) -> bool:
    """Whether a class hands its objects to something elsewhere that may write all of them."""
    defined = source.functions_named
    for member in source.family(cls):
        for call in ast.walk(member):
            if not isinstance(call, ast.Call):
                continue
            word = source.last_word(call.func)
            if word == "apply" and isinstance(call.func, ast.Attribute) and call.args:
                if source.last_word(call.args[0]) not in defined:
                    return True
            elif (
                word not in defined
                and word != "__init__"
                and _SETS_MODULE.fullmatch(word)
                and _takes_object(source, call)
            ):
                return True
    return False


def _takes_object(source: PythonSource, call: ast.Call) -> bool:
    """Whether a call is of a method of ``self``, or has it as an argument."""
    own = source.self_name(call)
    takers = [*call.args, *(keyword.value for keyword in call.keywords)]
    if isinstance(call.func, ast.Attribute):
        takers.append(call.func.value)
    return bool(own) and any(isinstance(t, ast.Name) and t.id == own for t in takers)
