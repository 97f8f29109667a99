"""A start, drawn and hashed, and written into files."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from fanwise.adapters.files.faults import quoted
from fanwise.adapters.files.writing.formats import format_for, is_file
from fanwise.adapters.files.writing.protocol import FileOptions, FormatPlan
from fanwise.adapters.progress import Progress, show_nothing
from fanwise.adapters.starts.digests import TensorDigest, start_digest
from fanwise.adapters.starts.journal import Journal
from fanwise.adapters.starts.manifest import NAME, described, manifest_of
from fanwise.adapters.starts.pipeline import TensorJob
from fanwise.adapters.starts.sizes import SHARD_SIZE, bytes_of
from fanwise.adapters.starts.start import ModelStart
from fanwise.adapters.starts.start_tensors import StartTensor
from fanwise.adapters.starts.work import Work
from fanwise.adapters.starts.workshop import Workshop, check_disk
from fanwise.adapters.starts.written import Written
from fanwise.adapters.switches import check_switches
from fanwise.spec.errors import FanwiseError, Phrase


def write_start(
    start: ModelStart,
    to: str | os.PathLike[str] | None,
    *,
    format: str | None = None,  # noqa: A002 (the public name)
    shard_size: int | str = SHARD_SIZE,
    digest_only: bool = False,
    progress: Progress = show_nothing,
) -> Written:
    """Draw a start, hash it, and write it.

    Args:
        start: what is written.
        to: the file or folder that it becomes; None with ``digest_only``.
        format: of the files; None for the one that the target's suffix says, or safetensors.
        shard_size: the most bytes of tensors in one file of several: a number, or text such as
            ``"5GB"``.
        digest_only: whether to write nothing.
        progress: is told how many bytes are done, of how many.

    Raises:
        FanwiseError: for a target that is there already, or that another process writes, or that
            was begun with something else; for what the format does not have; for too little space.
    """
    check_switches(digest_only=digest_only)
    if not callable(progress):
        hint = "Pass a function of the bytes done, all bytes, and a title; or leave it out."
        raise FanwiseError("a function as progress", progress, hint)
    target = None if to is None else _target_of(to)
    form = format_for(format, target)
    most = bytes_of(shard_size)
    if digest_only:
        return _hashed(start, target, progress)
    if target is None:
        hint = "Pass to=, or digest_only=True."
        raise FanwiseError("a file or a folder to write to", None, hint)
    one = target.name if is_file(form, target) else ""
    if any("\ud800" <= letter <= "\udfff" for letter in one):
        hint = "The start's description is UTF-8, and names its files: name it otherwise."
        raise FanwiseError("a name in UTF-8", Phrase(quoted(one)), hint)
    check_disk(target.absolute(), start.nbytes)
    plan = form.plan(start, FileOptions(one, most))
    workshop = Workshop(target.absolute(), NAME, is_file=bool(one))
    try:
        workshop.check_free()
        with workshop:
            return replace(_written(start, form.name, plan, workshop, progress), to=target)
    except OSError as error:
        hint = "Mend what is wrong, and ask for the same again: it goes on where it was."
        received = Phrase(f"{error.strerror or error} at {error.filename or workshop.root}")
        raise FanwiseError("a disk that can be written to", received, hint) from error


def _target_of(to: Any) -> Path:
    """Return the path of a target, which has a name."""
    path = os.fspath(to) if isinstance(to, str | os.PathLike) else b""
    has_name = isinstance(path, str) and path and Path(path).absolute().name not in ("", "..")
    if not isinstance(path, str) or not has_name or "\0" in path:
        hint = "Pass the path of a file or a folder that is not there yet."
        raise FanwiseError("a path to write to", to, hint)
    return Path(path)


def _hashed(start: ModelStart, target: Path | None, progress: Progress) -> Written:
    """Draw and hash a start alone."""
    if target is not None:
        hint = "Leave out to=, or digest_only=True."
        raise FanwiseError("no target where nothing is written", Phrase(f"{target}"), hint)
    work = Work(start, Path(), {}, lambda _tensor, _digest: None, progress)
    work.run([TensorJob(tensor) for tensor in start.tensors])
    return _result(start, None, None, work.digests, 0)


def _written(
    start: ModelStart, form: str, plan: FormatPlan, workshop: Workshop, progress: Progress
) -> Written:
    """Write what an earlier call has not, and bring it to its place."""
    journal = Journal(workshop.journal, _request(start, form, plan))

    names = {tensor.name for tensor in start.tensors}

    def is_held(name: str, digest: TensorDigest, reread: bool) -> bool:  # noqa: FBT001
        # Of what is complete nothing is read again: some of it may be in its place already.
        return name in names and (
            workshop.is_complete or plan.is_held(workshop.files, name, digest, reread=reread)
        )

    def note(tensor: StartTensor, digest: TensorDigest) -> None:
        journal.add(tensor.name, digest)

    try:
        finished = journal.read(is_held)
        if workshop.is_complete:
            _check_noted(names - set(finished), workshop)
            workshop.publish()
            return _result(start, workshop.target, plan, finished, len(finished))
        workshop.check_space(plan.nbytes)
        # What is copied may be another model's now.
        drawn = {tensor.name for tensor in start.tensors if not tensor.is_copied}
        kept = {name: digest for name, digest in finished.items() if name in drawn}
        work = Work(start, workshop.files, kept, note, progress)
        plan.write(work)
    finally:
        journal.close()
    text = manifest_of(start, form, plan.files, work.digests)
    (workshop.files / workshop.manifest).write_bytes(text.encode())
    workshop.publish()
    return _result(start, workshop.target, plan, work.digests, len(kept))


def _check_noted(missing: set[str], workshop: Workshop) -> None:
    """Raise where the journal of what is complete lacks some of it: it was damaged since."""
    if missing:
        hint = f"Delete {workshop.root}, and ask for the same again."
        received = Phrase(f"none of {quoted(min(missing))} in {workshop.journal}")
        raise FanwiseError("a digest of each tensor of a start that is complete", received, hint)


def _request(start: ModelStart, form: str, plan: FormatPlan) -> str:
    """Return the digest of all that decides the bytes, but for the values that are copied."""
    data = {
        **described(start, form),
        "tensors": [[t.name, t.shape, t.dtype, t.paths, t.is_copied] for t in start.tensors],
        "weights": [weight.to_dict() for weight in start.weights],
        "layout": plan.layout,
    }
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def _result(
    start: ModelStart,
    target: Path | None,
    plan: FormatPlan | None,
    digests: Mapping[str, TensorDigest],
    kept: int,
) -> Written:
    held = {tensor.name: digests[tensor.name].sha256 for tensor in start.tensors}
    files = () if plan is None else tuple(dict.fromkeys(plan.files.values()))
    return Written(
        start_digest(held),
        held,
        target,
        files,
        start.nbytes,
        start.elements,
        kept,
        start.left_out,
    )
