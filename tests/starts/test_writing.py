"""Starts written into files: finished, cut off and gone on with."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from common.dense_starts import dense, start_of_shapes, whole

from fanwise.adapters.files import open_tensors
from fanwise.adapters.named_weights import named_weights
from fanwise.adapters.starts import journal, pipeline, workshop
from fanwise.adapters.starts.descriptions import description_of
from fanwise.adapters.starts.plans import planned_start
from fanwise.adapters.starts.writing import write_start
from fanwise.adapters.stored_weights import StoredTensor
from fanwise.spec.errors import FanwiseError
from fanwise.spec.recipe import recipe


@pytest.fixture(autouse=True)
def _small_blocks_on_two_cores(monkeypatch):
    monkeypatch.setattr(pipeline, "BLOCK", 4096)
    # So that some tensors are finished before others are begun.
    monkeypatch.setattr(pipeline, "cores_available", lambda: 2)


class EndedError(Exception):
    """What ends a call in its midst."""


def ended_after(share):
    """Return a progress that ends the call once so much of it is done."""

    def tick(done, total, _title):
        if done >= share * total:
            raise EndedError

    return tick


def names_in(folder):
    return sorted(file.name for file in folder.iterdir())


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("suffix", ["safetensors", "npz"])
def test_a_file_holds_what_is_drawn(tmp_path, suffix):
    start = start_of_shapes({**dense(3), "h.weight": ([8, 64], "float64")})
    written = write_start(start, tmp_path / f"a.{suffix}")
    with open_tensors(written.to) as file:
        assert list(file.tensors) == [t.name for t in start.tensors] or suffix == "safetensors"
        for tensor in start.tensors:
            held = np.asarray(file.tensors[tensor.name].read(()))
            np.testing.assert_array_equal(held, whole(tensor))
    data = json.loads((tmp_path / f"a.{suffix}.start.json").read_text("utf-8"))
    assert data["digest"] == written.digest
    assert {t["name"]: t["sha256"] for t in data["tensors"]} == written.tensors
    assert names_in(tmp_path) == [f"a.{suffix}", f"a.{suffix}.start.json"]


@pytest.mark.parametrize(
    ("upper", "lower"), [("a.SAFETENSORS", "b.safetensors"), ("a.Npz", "b.npz")]
)
def test_the_case_of_a_suffix_says_nothing(tmp_path, upper, lower):
    start = start_of_shapes(dense(2))
    for name in (upper, lower):
        write_start(start, tmp_path / name)
    assert names_in(tmp_path) == sorted(
        [upper, f"{upper}.start.json", lower, f"{lower}.start.json"]
    )
    assert (tmp_path / upper).read_bytes() == (tmp_path / lower).read_bytes()
    with open_tensors(tmp_path / upper) as file:
        assert set(file.tensors) == {tensor.name for tensor in start.tensors}


def test_the_digest_is_of_the_sorted_lines():
    written = write_start(start_of_shapes(dense(2)), None, digest_only=True)
    lines = "".join(sorted(f"{name} {sha}\n" for name, sha in written.tensors.items()))
    assert written.digest == hashlib.sha256(lines.encode()).hexdigest()


def test_shards_are_as_transformers_has_them(tmp_path):
    start = start_of_shapes(dense(3))
    size = 64 * 64 * 4
    written = write_start(start, tmp_path / "out", shard_size=size + 256)
    names = [f"model-0000{n}-of-00003.safetensors" for n in (1, 2, 3)]
    assert list(written.files) == names
    index = json.loads((tmp_path / "out/model.safetensors.index.json").read_text("utf-8"))
    assert index["metadata"] == {"total_size": start.nbytes}
    assert index["weight_map"] == {
        f"l{n}.{x}": names[n] for n in range(3) for x in ("weight", "bias")
    }
    whole_file = write_start(start, tmp_path / "one.safetensors")
    assert whole_file.digest == written.digest


@pytest.mark.parametrize("target", ["out", "a.safetensors", "a.npz"])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 1.0])
def test_a_call_that_was_ended_is_finished_by_the_same_call(tmp_path, target, share):
    start = start_of_shapes(dense(6))
    right = tmp_path / "right"
    right.mkdir()
    write_start(start, right / target, shard_size=40000)
    cut = tmp_path / "cut"
    cut.mkdir()
    with pytest.raises(EndedError):
        write_start(start, cut / target, shard_size=40000, progress=ended_after(share))
    assert names_in(cut) == [f"{target}.writing"]
    finished = (cut / f"{target}.writing/journal").read_text("utf-8").count("\n") - 1
    written = write_start(start, cut / target, shard_size=40000)
    assert written.kept == finished
    if target == "out":
        assert contents(cut / "out") == contents(right / "out")
        assert names_in(cut) == ["out"]
    else:
        assert contents(cut) == contents(right)


def test_what_is_kept_is_not_drawn_again(tmp_path):
    start = start_of_shapes(dense(6))
    with pytest.raises(EndedError):
        write_start(start, tmp_path / "out", progress=ended_after(0.6))
    _, *finished = (tmp_path / "out.writing/journal").read_text("utf-8").splitlines()
    sizes = {tensor.name: tensor.nbytes for tensor in start.tensors}
    held = sum(sizes[json.loads(line)["name"]] for line in finished)
    total = []
    written = write_start(
        start, tmp_path / "out", progress=lambda done, _all, _: total.append(done)
    )
    assert written.kept == len(finished) > 0
    assert 0 < total[0] - held <= pipeline.BLOCK  # the first block of what is not
    assert total[-1] == start.nbytes


def test_another_request_does_not_go_on_with_it(tmp_path):
    with pytest.raises(EndedError):
        write_start(start_of_shapes(dense(3)), tmp_path / "out", progress=ended_after(0.5))
    before = (tmp_path / "out.writing/journal").read_bytes()
    for other in (
        start_of_shapes(dense(3), seed=1),
        start_of_shapes(dense(3), dtype="float16"),
        start_of_shapes(dense(4)),
    ):
        with pytest.raises(FanwiseError, match="Ask for the same again"):
            write_start(other, tmp_path / "out")
    with pytest.raises(FanwiseError, match="Ask for the same again"):
        write_start(start_of_shapes(dense(3)), tmp_path / "out", shard_size=20000)
    assert (tmp_path / "out.writing/journal").read_bytes() == before
    write_start(start_of_shapes(dense(3)), tmp_path / "out")


def place_in(file, name):
    """Where the bytes of a tensor begin in a file of safetensors."""
    text = file.read_bytes()
    length = int.from_bytes(text[:8], "little")
    return 8 + length + json.loads(text[8 : 8 + length])[name]["data_offsets"][0]


def test_what_another_run_of_the_machine_wrote_is_read_again(tmp_path, monkeypatch):
    start = start_of_shapes(dense(6))
    right = write_start(start, tmp_path / "right")
    with pytest.raises(EndedError):
        write_start(start, tmp_path / "out", progress=ended_after(0.9))
    _, *finished = (tmp_path / "out.writing/journal").read_text("utf-8").splitlines()
    # Which tensors are finished by then is for the threads to say.
    name = json.loads(finished[0])["name"]
    file = tmp_path / "out.writing/files/model.safetensors"
    held = bytearray(file.read_bytes())
    held[place_in(tmp_path / "right/model.safetensors", name)] ^= 1  # what a crash has lost
    file.write_bytes(held)
    kept = len(finished)
    monkeypatch.setattr(journal, "_boot", lambda: "another")
    written = write_start(start, tmp_path / "out")
    assert written.kept == kept - 1
    assert contents(tmp_path / "out") == contents(tmp_path / "right")
    assert written.digest == right.digest


def test_a_file_that_is_gone_is_written_again(tmp_path):
    start = start_of_shapes(dense(6))
    with pytest.raises(EndedError):
        write_start(start, tmp_path / "out", progress=ended_after(0.9))
    (tmp_path / "out.writing/files/model.safetensors").unlink()
    assert write_start(start, tmp_path / "out").kept == 0


def test_a_line_that_was_cut_off_counts_for_nothing(tmp_path):
    start = start_of_shapes(dense(6))
    with pytest.raises(EndedError):
        write_start(start, tmp_path / "out", progress=ended_after(0.9))
    lines = (tmp_path / "out.writing/journal").read_bytes()
    (tmp_path / "out.writing/journal").write_bytes(lines[:-20])
    assert write_start(start, tmp_path / "out").kept == lines.count(b"\n") - 2


def test_a_journal_that_is_damaged_counts_up_to_there(tmp_path):
    start = start_of_shapes(dense(6))
    with pytest.raises(EndedError):
        write_start(start, tmp_path / "out", progress=ended_after(0.9))
    with (tmp_path / "out.writing/journal").open("ab") as file:
        file.write(b"\xff\xfe{\n")
    written = write_start(start, tmp_path / "out")
    assert written.kept
    assert written.digest == write_start(start, None, digest_only=True).digest


@pytest.mark.parametrize("target", ["out", "a.safetensors"])
@pytest.mark.parametrize("steps", [0, 1, 2])
def test_what_was_complete_is_brought_to_its_place(tmp_path, monkeypatch, target, steps):
    start = start_of_shapes(dense(2))
    for name in ("right", "cut"):
        (tmp_path / name).mkdir()
    write_start(start, tmp_path / "right" / target)
    done = []

    def ending(function):
        def step(*args, **how):
            if Path(args[0]).suffix != ".new":  # the journal's own
                if len(done) == steps:
                    raise EndedError
                done.append(args)
            return function(*args, **how)

        return step

    with monkeypatch.context() as patch:
        patch.setattr(workshop.Path, "replace", ending(Path.replace))
        patch.setattr(workshop.shutil, "rmtree", ending(shutil.rmtree))
        try:
            write_start(start, tmp_path / "cut" / target)
        except EndedError:
            written = write_start_unended(start, tmp_path / "cut" / target, patch)
            assert written.kept == 4
    assert names_in(tmp_path / "cut") == names_in(tmp_path / "right")
    at = (tmp_path / name / target for name in ("right", "cut"))
    right, cut = at if target == "out" else (path.parent for path in at)
    assert contents(cut) == contents(right)


def write_start_unended(start, target, patch):
    patch.undo()
    return write_start(start, target)


def test_what_is_copied_is_copied_again(tmp_path):
    def start_with(value):
        rules = {
            "fanwise": 1,
            "rule": [
                {"match": "b/kernel", "init": "keep"},
                {"role": "kernel", "init": "he_normal"},
            ],
        }
        held = {
            name: StoredTensor.of(name, np.full((64, 64), value, np.float32))
            for name in ("a.weight", "b.weight", "c.weight")
        }
        weights = named_weights(held, "torch")
        return planned_start(recipe(rules), weights, held, seed=0, framework="torch")

    right = write_start(start_with(2), None, digest_only=True)
    with pytest.raises(EndedError):
        write_start(start_with(1), tmp_path / "out", progress=ended_after(1.0))
    assert write_start(start_with(2), tmp_path / "out").digest == right.digest


def test_a_target_that_is_there_is_left_alone(tmp_path):
    (tmp_path / "a.safetensors").write_bytes(b"mine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine").touch()
    (tmp_path / "b.safetensors.start.json").touch()
    for target in ("a.safetensors", "b.safetensors", "out"):
        with pytest.raises(FanwiseError, match="a target that is not there yet"):
            write_start(start_of_shapes(dense(1)), tmp_path / target)
    assert (tmp_path / "a.safetensors").read_bytes() == b"mine"
    assert names_in(tmp_path) == ["a.safetensors", "b.safetensors.start.json", "out"]


@pytest.mark.skipif(os.name == "nt", reason="the longest name is not told there")
def test_a_name_that_the_disk_cannot_have_is_refused_before_anything_is_written(tmp_path):
    longest = os.pathconf(tmp_path, "PC_NAME_MAX")
    room = longest - len(".npz.start.json")
    for length in range(room + 1, longest):
        with pytest.raises(FanwiseError, match="too long"):
            write_start(start_of_shapes(dense(1)), tmp_path / f"{'a' * length}.npz")
        assert not names_in(tmp_path)
    write_start(start_of_shapes(dense(1)), tmp_path / f"{'a' * room}.npz")


def test_files_that_differ_in_their_suffix_alone_keep_their_descriptions(tmp_path):
    pairs = {"a.safetensors": start_of_shapes(dense(1)), "a.npz": start_of_shapes(dense(2))}
    for name, start in pairs.items():
        write_start(start, tmp_path / name)
    for name, start in pairs.items():
        described = description_of(tmp_path / name)
        assert [t.name for t in described.tensors] == [t.name for t in start.tensors]


def test_what_somebody_else_has_beside_the_target_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "a.writing").mkdir()
    (tmp_path / "a.writing/novel.txt").write_text("Chapter 1")
    (tmp_path / "b.writing").symlink_to("mine")
    (tmp_path / "c.writing").touch()
    for target in "abc":
        with pytest.raises(FanwiseError, match="a folder that an earlier call began"):
            write_start(start_of_shapes(dense(1)), tmp_path / target)
    assert names_in(tmp_path) == ["a.writing", "b.writing", "c.writing", "mine"]
    assert names_in(tmp_path / "a.writing") == ["novel.txt"]
    assert not names_in(tmp_path / "mine")


def test_a_link_to_an_empty_folder_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "out").symlink_to("mine")
    with pytest.raises(FanwiseError, match="a target that is not there yet"):
        write_start(start_of_shapes(dense(1)), tmp_path / "out")
    assert names_in(tmp_path) == ["mine", "out"]


@pytest.mark.parametrize("name", ["lock", "journal", "journal.new", "files", "complete"])
def test_no_link_leads_out_of_what_was_begun(tmp_path, name):
    (tmp_path / "out.writing").mkdir()
    (tmp_path / "out.writing" / name).symlink_to("../elsewhere")
    with pytest.raises(FanwiseError, match="a folder that an earlier call began"):
        write_start(start_of_shapes(dense(1)), tmp_path / "out")
    assert names_in(tmp_path) == ["out.writing"]


@pytest.mark.parametrize(
    "line",
    [
        "{}",
        '{"name": "l0.weight"}',
        '{"name": ["l0.weight"], "sha256": "SHA", "crc32": null}',
        '{"name": "l0.weight", "sha256": 5, "crc32": null}',
        '{"name": "l0.weight", "sha256": "00", "crc32": null}',
        '{"name": "l0.weight", "sha256": "SHA", "crc32": "0"}',
        '{"name": "of another start", "sha256": "SHA", "crc32": null}',
    ],
)
@pytest.mark.parametrize("is_complete", [False, True])
def test_a_line_that_says_nothing_counts_for_nothing(tmp_path, line, is_complete):
    start = start_of_shapes(dense(2))
    with pytest.raises(EndedError):
        write_start(start, tmp_path / "out", progress=ended_after(1.0))
    place = tmp_path / "out.writing/journal"
    head = place.read_text("utf-8").splitlines()[0]
    place.write_text(head + "\n" + line.replace("SHA", "0" * 64) + "\n")
    if is_complete:
        (tmp_path / "out.writing/complete").touch()
        with pytest.raises(FanwiseError, match=r"none of 'l0\.bias' in"):
            write_start(start, tmp_path / "out")
        return
    assert write_start(start, tmp_path / "out").kept == 0
    write_start(start, tmp_path / "right")
    assert contents(tmp_path / "out") == contents(tmp_path / "right")


@pytest.mark.parametrize("name", ["a\0b.weight", "a" * 70000 + ".weight"])
def test_names_that_no_archive_has_are_refused(tmp_path, name):
    start = start_of_shapes({name: ([2, 4], "float32")})
    with pytest.raises(FanwiseError, match="names without NUL"):
        write_start(start, tmp_path / "a.npz")
    assert not names_in(tmp_path)
    write_start(start, tmp_path / "a.safetensors")


@pytest.mark.skipif(os.name == "nt", reason="names are UTF-16 there")
@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
def test_a_file_has_a_name_that_its_description_can_say(tmp_path, suffix):
    with pytest.raises(FanwiseError, match="a name in UTF-8"):
        write_start(start_of_shapes(dense(1)), tmp_path / f"\udcff{suffix}")
    assert not names_in(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limits of files")
@pytest.mark.parametrize(
    "form", ["safetensors", "npz", pytest.param("dcp", marks=pytest.mark.slow), "orbax"]
)
def test_a_disk_that_takes_no_more_is_told_and_gone_on_with(tmp_path, form):
    import resource

    start = start_of_shapes({"a.weight": ([300, 300], "float32"), "a.bias": ([300], "float32")})
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(FanwiseError, match="a disk that can be written to"):
            write_start(start, tmp_path / "out", format=form)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    written = write_start(start, tmp_path / "out", format=form)
    assert written.digest == write_start(start, None, digest_only=True).digest


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "out").mkdir()
    write_start(start_of_shapes(dense(1)), tmp_path / "out")
    assert names_in(tmp_path / "out") == ["model.safetensors", "start.json"]


def test_two_writers_do_not_write_one_target(tmp_path):
    def second(_done, _total, _title):
        with pytest.raises(FanwiseError, match="another process at work"):
            write_start(start_of_shapes(dense(1)), tmp_path / "out")
        raise EndedError

    with pytest.raises(EndedError):
        write_start(start_of_shapes(dense(1)), tmp_path / "out", progress=second)


def test_too_little_space_is_told_before_anything_is_drawn(tmp_path, monkeypatch):
    class Usage:
        free, total = 1000, 10**12

    monkeypatch.setattr(workshop.shutil, "disk_usage", lambda _: Usage)
    with pytest.raises(FanwiseError, match="bytes of free space"):
        write_start(start_of_shapes(dense(1)), tmp_path / "out")
    # So that something smaller may be asked for.
    assert not list(tmp_path.iterdir())


def test_what_was_begun_stays_where_the_space_is_gone(tmp_path, monkeypatch):
    start = start_of_shapes(dense(6))
    with pytest.raises(EndedError):
        write_start(start, tmp_path / "out", progress=ended_after(0.6))

    class Usage:
        free, total = -(10**9), 10**12

    with monkeypatch.context() as patched:
        patched.setattr(workshop.shutil, "disk_usage", lambda _: Usage)
        with pytest.raises(FanwiseError, match="bytes of free space"):
            write_start(start, tmp_path / "out")
    assert write_start(start, tmp_path / "out").kept > 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes are forked here")
def test_a_process_that_was_forked_meanwhile_does_not_keep_the_lock(tmp_path):
    script = """
    import os, sys
    from common.dense_starts import dense, start_of_shapes
    from fanwise.adapters.starts.workshop import Workshop
    from fanwise.adapters.starts.writing import write_start
    from pathlib import Path

    target = Path(sys.argv[1])
    held, ended = os.pipe()
    with Workshop(target, "start.json", is_file=False):
        child = os.fork()
        if not child:
            os.close(ended)
            os.read(held, 1)  # until the parent has ended
            os._exit(0)
    print(write_start(start_of_shapes(dense(1)), target).elements)
    os.close(ended)
    os.waitpid(child, 0)
    """
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=paths)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("to", "how", "message"),
    [
        (None, {}, "Pass to="),
        ("\0", {}, "a path to write to"),
        ("/", {}, "a path to write to"),
        ("new/..", {}, "a path to write to"),
        ("a" * 300, {}, "a disk that can be written to"),
        ("a.safetensors", {"digest_only": True}, "no target where nothing is written"),
        ("a.safetensors", {"format": "npz"}, "a target of the format npz"),
        ("a.SafeTensors", {"format": "npz"}, "a target of the format npz"),
        ("out", {"format": "gguf"}, "format to be one of"),
        ("out", {"format": ["npz"]}, "format to be one of"),
        ("a.distcp", {}, r"\.safetensors or \.npz"),
        ("a.safetensors.index.json", {}, r"\.safetensors or \.npz"),
        ("a.Pickle", {}, r"\.safetensors or \.npz"),
        ("a.safetensor", {}, r"\.safetensors or \.npz"),
        ("out", {"shard_size": "5 parsecs"}, "shard_size"),
        ("out", {"shard_size": 0}, "shard_size"),
        ("out", {"shard_size": "9" * 400 + "GB"}, "shard_size"),
    ],
)
def test_a_wrong_request_is_told_and_nothing_is_made(tmp_path, to, how, message):
    with pytest.raises(FanwiseError, match=message):
        write_start(start_of_shapes(dense(1)), to and tmp_path / to, **how)
    assert not names_in(tmp_path)


@pytest.mark.parametrize("to", [5, b"out", "", ["out"]])
def test_what_is_no_path_is_told(to):
    with pytest.raises(FanwiseError, match="a path to write to"):
        write_start(start_of_shapes(dense(1)), to)


def test_bfloat16_is_not_in_npz(tmp_path):
    with pytest.raises(FanwiseError, match=r"bfloat16 of l0\.weight"):
        write_start(start_of_shapes(dense(1), dtype="bfloat16"), tmp_path / "a.npz")


KILLED = """
import sys, time
sys.path.insert(0, sys.argv[2])
from common.dense_starts import dense, start_of_shapes
from fanwise.adapters.starts import pipeline
from fanwise.adapters.starts.plans import planned_start
from fanwise.adapters.starts.writing import write_start
from fanwise.adapters.stored_weights import StoredTensor

pipeline.BLOCK = 4096

def slowly(done, total, _title):
    print(done, flush=True)
    time.sleep(0.002)

write_start(start_of_shapes(dense(20)), sys.argv[1], shard_size=100000, progress=slowly)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has none")
def test_a_process_that_was_killed_is_gone_on_with(tmp_path):
    start = start_of_shapes(dense(20))
    right = write_start(start, tmp_path / "right", shard_size=100000)
    here = Path(__file__).parents[1]
    for share in (0.2, 0.5, 0.8):
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(KILLED), tmp_path / "out", here],
            stdout=subprocess.PIPE,
            text=True,
        )
        for line in process.stdout:
            if int(line) >= share * start.nbytes:
                process.send_signal(signal.SIGKILL)
                break
        process.stdout.close()
        assert process.wait() == -signal.SIGKILL
        assert not (tmp_path / "out").exists()
    written = write_start(start, tmp_path / "out", shard_size=100000)
    assert written.kept > 0
    assert written.digest == right.digest
    assert contents(tmp_path / "out") == contents(tmp_path / "right")


@pytest.mark.parametrize("form", ["safetensors", "npz", "dcp", "orbax"])
def test_more_than_the_disk_holds_is_refused_at_once(tmp_path, monkeypatch, form):
    """Its chunks alone would fill the memory."""

    class Usage:
        free = total = 10**12

    monkeypatch.setattr(workshop.shutil, "disk_usage", lambda _: Usage)
    start = start_of_shapes({"a.weight": [1 << 25, 1 << 25]})
    with pytest.raises(FanwiseError, match="digest_only"):
        write_start(start, tmp_path / "out.npz" if form == "npz" else tmp_path / "out", format=form)
    assert not [*tmp_path.iterdir()]
