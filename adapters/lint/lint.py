"""The lint: from files and folders to findings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from fanwise.adapters.lint.findings import CODES, LintFinding
from fanwise.adapters.lint.folders import files_of
from fanwise.adapters.lint.reading import decode, parse, read_bytes
from fanwise.adapters.lint.rules import (
    copies,
    data_writes,
    fans,
    half_draws,
    kaiming,
    repeated_seeds,
    reused_keys,
    salted_seeds,
    shared_initializers,
    truncations,
    unwritten_parameters,
)
from fanwise.adapters.lint.sources import PythonSource
from fanwise.adapters.lint.suppressions import read_suppressions
from fanwise.adapters.progress import Progress, show_nothing
from fanwise.spec.errors import FanwiseError

#: What looks at a source, in the order of the codes.
RULES: Final[tuple[Callable[[PythonSource], Iterator[LintFinding]], ...]] = (
    truncations.check,
    half_draws.check,
    kaiming.check,
    fans.check,
    salted_seeds.check,
    repeated_seeds.check,
    reused_keys.check,
    shared_initializers.check,
    unwritten_parameters.check,
    copies.check,
    data_writes.check,
)


def lint(
    paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str],
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    exclude: Sequence[str] = (),
    progress: Progress = show_nothing,
) -> list[LintFinding]:
    r"""Read Python sources for weights that will not start as they read.

    Nothing is run or imported, and no link to a folder is followed. What cannot be read as Python
    is a finding of its own, FW9.., and does not stop the others.

    Args:
        paths: files, and folders of ``*.py`` files.
        select: beginnings of the codes to look for; all if empty.
        ignore: beginnings of those to leave out.
        exclude: patterns of the names of files and folders to leave out.
        progress: told before every file.

    Returns:
        The findings by file and line.

    Raises:
        FanwiseError: if a path is not there, or a code is not known.

    Examples:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "model.py")
        ...     text = "from torch.nn.init import trunc_normal_\ntrunc_normal_(w, std=0.02)\n"
        ...     _ = path.write_text(text)
        ...     [(finding.line, finding.code) for finding in lint(path)]
        [(2, 'FW101')]
    """
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    wanted = choose_codes(select, ignore)
    progress(0, 0, "looking for sources")
    files = [str(file) for file in files_of([os.fspath(path) for path in given], exclude)]
    findings: list[LintFinding] = []
    for number, file in enumerate(files):
        progress(number, len(files), file)
        findings += (finding for finding in lint_file(file) if finding.code in wanted)
    return findings


def lint_file(path: str) -> list[LintFinding]:
    """Read one file, by all rules."""
    content = read_bytes(path)
    return [content] if isinstance(content, LintFinding) else lint_bytes(path, content)


def lint_bytes(path: str, content: bytes) -> list[LintFinding]:
    """Read what a file holds, by all rules.

    Args:
        path: as findings are to name it.
        content: of the file.
    """
    text = decode(path, content)
    if isinstance(text, LintFinding):
        return [text]
    suppressions = read_suppressions(text)
    tree = parse(path, text)
    if isinstance(tree, LintFinding):
        return [] if suppressions.silences(tree) else [tree]
    source = PythonSource(path, text, tree)
    findings = {finding for rule in RULES for finding in rule(source)}
    return sorted(finding for finding in findings if not suppressions.silences(finding))


def check_codes(codes: Iterable[str]) -> None:
    """Check that codes, or their beginnings, are known.

    Raises:
        FanwiseError: if one is not.
    """
    for code in codes:
        if not code or not any(known.startswith(code.upper()) for known in CODES):
            raise FanwiseError("a code of the lint, or its beginning", code, f"Known: {_known()}.")


def _known() -> str:
    return ", ".join(CODES)


def choose_codes(select: Sequence[str], ignore: Sequence[str]) -> set[str]:
    """Choose codes as Ruff does: the longer beginning decides."""
    check_codes([*select, *ignore])
    wanted = set()
    for code in CODES:
        chosen = max((len(s) for s in select if code.startswith(s.upper())), default=0)
        left_out = max((len(s) for s in ignore if code.startswith(s.upper())), default=0)
        if left_out < chosen or (not select and not left_out):
            wanted.add(code)
    return wanted
