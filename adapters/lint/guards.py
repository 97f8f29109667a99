"""What the code around a line has asked: of which classes an object is."""

from __future__ import annotations

import ast

from fanwise.adapters.lint.sources import PythonSource

#: A class that is not named in the source: a variable, or a question that is not understood.
ANY = "?"


def classes_asked_for(source: PythonSource, node: ast.AST, holder: ast.expr) -> list[str] | None:
    """Return the classes that an object is known to be one of where a node stands.

    Args:
        source: the file.
        node: where.
        holder: the object, as it is written there.

    Returns:
        Their names, through imports, with ``"?"`` for one that is not known; ``None`` if nothing
        has been asked.
    """
    name = ast.dump(holder)
    here = node
    for outer in source.around(node):
        if (isinstance(outer, ast.If) and here in outer.body) or (
            isinstance(outer, ast.IfExp) and here is outer.body
        ):
            classes = _classes_in(source, outer.test, name)
            if classes is not None:
                return classes
        elif isinstance(outer, ast.match_case):
            match = source.parents[outer]
            if isinstance(match, ast.Match) and ast.dump(match.subject) == name:
                return list(_classes_of_pattern(source, outer.pattern))
        elif isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
            return None
        here = outer
    return None


def _classes_in(source: PythonSource, test: ast.expr, name: str) -> list[str] | None:
    match test:
        case ast.BoolOp(op=ast.And(), values=parts):
            answers = [_classes_in(source, part, name) for part in parts]
            return next((answer for answer in answers if answer is not None), None)
        case ast.BoolOp(op=ast.Or(), values=parts):
            answers = [_classes_in(source, part, name) for part in parts]
            if all(answer is None for answer in answers):
                return None
            return [cls for answer in answers for cls in answer or [ANY]]
        case ast.Call(func=ast.Name(id="isinstance"), args=[asked, classes]) if (
            ast.dump(asked) == name
        ):
            return _named_classes(source, classes)
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="type"), args=[asked]),
            ops=[ast.Eq() | ast.Is() | ast.In()],
            comparators=[classes],
        ) if ast.dump(asked) == name:
            return _named_classes(source, classes)
        case ast.Compare() if _compares_class_name(source, test, name):
            texts = [part.value for part in ast.walk(test) if isinstance(part, ast.Constant)]
            return [text for text in texts if isinstance(text, str)] or [ANY]
    return None


def _compares_class_name(source: PythonSource, test: ast.expr, name: str) -> bool:
    """Whether a test compares the name of an object's class, or looks for a word in it."""
    for part in ast.walk(test):
        values = [part]
        if isinstance(part, ast.Name):
            values = list(source.bound_values(part) or [])
        for value in values:
            match value:
                case ast.Attribute(
                    attr="__name__",
                    value=ast.Attribute(attr="__class__", value=ast.expr() as asked)
                    | ast.Call(func=ast.Name(id="type"), args=[ast.expr() as asked]),
                ) if ast.dump(asked) == name:
                    return True
    return False


def _named_classes(source: PythonSource, classes: ast.expr) -> list[str]:
    if isinstance(classes, ast.Tuple | ast.List | ast.Set):
        return [name for part in classes.elts for name in _named_classes(source, part)]
    if isinstance(classes, ast.BinOp) and isinstance(classes.op, ast.BitOr):
        return [*_named_classes(source, classes.left), *_named_classes(source, classes.right)]
    if isinstance(classes, ast.Name):
        values = source.bound_values(classes)
        if values and all(isinstance(v, ast.Tuple | ast.List) for v in values):
            return [name for value in values for name in _named_classes(source, value)]
        if values:
            return [ANY]
    return [source.origin(classes) or ANY]


def _classes_of_pattern(source: PythonSource, pattern: ast.pattern) -> list[str]:
    match pattern:
        case ast.MatchClass(cls=cls):
            return [source.origin(cls) or ANY]
        case ast.MatchOr(patterns=parts):
            return [name for part in parts for name in _classes_of_pattern(source, part)]
        case ast.MatchAs(pattern=ast.pattern() as inner):
            return _classes_of_pattern(source, inner)
    return [ANY]
