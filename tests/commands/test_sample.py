"""``fanwise sample``: the bytes of ``fanwise.sample``, in files that others read."""

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

import fanwise
from commands.test_console import on_terminal
from fanwise.commands import weight_blocks, weight_files

CALLS = [
    (("he_normal", "--shape", "64,32", "--seed", "7"), ("he_normal", (64, 32)), {"seed": 7}),
    (
        ("normal", "std=0.02", "--shape", "3,8,16", "--path", "h/0/up"),
        (fanwise.scheme("normal", std=0.02), (3, 8, 16)),
        {"seed": 0, "path": "h/0/up"},
    ),
    (
        ("torch_default", "--shape", "30,20", "--axes", "(3 out) in", "--dtype", "float64"),
        ("torch_default", (30, 20)),
        {"seed": 0, "axes": "(3 out) in", "dtype": "float64"},
    ),
    (
        ("uniform", "--shape", "64,32", "--index", "3:60:7,-8:", "--dtype", "float16"),
        ("uniform", (64, 32)),
        {"seed": 0, "index": (slice(3, 60, 7), slice(-8, None)), "dtype": "float16"},
    ),
    (
        ("orthogonal", "--shape", "2,16,8", "--index", "1:,:5,::2"),
        ("orthogonal", (2, 16, 8)),
        {"seed": 0, "index": (slice(1, None), slice(5), slice(None, None, 2))},
    ),
    (("normal", "--shape", "()"), ("normal", ()), {"seed": 0}),
    (("zeros", "--shape", "0,5"), ("zeros", (0, 5)), {"seed": 0}),
]


@pytest.fixture(params=[None, 1, 50], ids=["one block", "single elements", "small blocks"])
def blocks(request, monkeypatch):
    """Draws a weight in blocks of so many elements."""
    if request.param is not None:
        monkeypatch.setattr(weight_blocks, "_ELEMENTS", request.param)


@pytest.mark.parametrize(("words", "arguments", "options"), CALLS)
def test_every_file_holds_the_bits_of_fanwise_sample(
    run, tmp_path, blocks, words, arguments, options
):
    expected = fanwise.sample(*arguments, **options)
    name = options.get("path", "weight")
    for suffix in (".npy", ".npz", ".safetensors"):
        done = run("sample", *words, "-o", f"w{suffix}")
        assert (done.returncode, done.stdout) == (
            0,
            f"written to w{suffix}, shape {expected.shape}\n",
        )
    np.save(tmp_path / "expected.npy", expected)
    assert (tmp_path / "w.npy").read_bytes() == (tmp_path / "expected.npy").read_bytes()
    held = [np.load(tmp_path / "w.npz")[name], load_file(tmp_path / "w.safetensors")[name].numpy()]
    for weight in held:
        assert weight.dtype == expected.dtype
        assert weight.shape == expected.shape
        assert weight.tobytes() == expected.tobytes()
    assert not list(tmp_path.glob(".*"))


def test_bfloat16_goes_into_safetensors_as_it_is(run, tmp_path):
    done = run(
        "sample", "he_normal", "--shape", "8,4", "--dtype", "bfloat16", "-o", "w.safetensors"
    )
    assert done.returncode == 0, done.stderr
    weight = load_file(tmp_path / "w.safetensors")["weight"]
    assert weight.dtype == torch.bfloat16
    expected = fanwise.sample("he_normal", (8, 4), seed=0, dtype="bfloat16")
    assert (weight.view(torch.int16).numpy() == expected.view(np.int16)).all()


@pytest.mark.parametrize("output", [["-o", "w.npy"], ["-o", "w.npz"], []])
def test_bfloat16_is_no_dtype_of_numpys_files(told, tmp_path, output):
    line = told("sample", "normal", "--shape", "3", "--dtype", "bfloat16", *output)
    assert ".safetensors" in line
    assert not list(tmp_path.iterdir())


def apart(*arguments, **options):
    command = [sys.executable, "-m", "fanwise", "sample", *arguments]
    return subprocess.run(command, capture_output=True, check=False, **options)


@pytest.mark.parametrize("output", [[], ["-o", "-"]])
def test_a_pipe_gets_the_file_alone(output):
    done = apart("he_normal", "--shape", "16,8", "--seed", "3", *output)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (np.load(io.BytesIO(done.stdout)) == fanwise.sample("he_normal", (16, 8), seed=3)).all()


def test_a_pipe_that_nobody_reads_leaves_no_traceback():
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "fanwise", "sample", "normal", "--shape", "512,512"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_terminal_is_shown_a_corner():
    status, shown = on_terminal("sample", "he_normal", "--shape", "300,200", NO_COLOR="1")
    assert status == 0
    corner = fanwise.sample("he_normal", (300, 200), seed=0)[:6, :4]
    numbers = [float(word) for line in shown.splitlines()[3:9] for word in line.split()]
    assert numbers == pytest.approx(corner.ravel().tolist(), rel=1e-5)
    assert "60,000" in shown


@pytest.mark.parametrize(
    ("shape", "dtype"), [("()", "float32"), ("9", "bfloat16"), ("0,3", "float32")]
)
def test_a_terminal_is_shown_weights_of_every_shape(shape, dtype):
    status, _ = on_terminal("sample", "normal", "--shape", shape, "--dtype", dtype)
    assert status == 0


def test_a_file_that_is_there_is_not_written_over(run, told, tmp_path):
    (tmp_path / "w.npy").write_text("mine")
    assert "--force" in told("sample", "normal", "--shape", "3", "-o", "w.npy")
    assert (tmp_path / "w.npy").read_text() == "mine"
    assert run("sample", "normal", "--shape", "3", "-o", "w.npy", "--force").returncode == 0
    assert np.load(tmp_path / "w.npy").shape == (3,)


def test_what_breaks_in_the_midst_leaves_what_was_there(run, tmp_path, monkeypatch):
    (tmp_path / "w.npy").write_text("mine")

    def breaks(file, weight, name, tick):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(weight_files.FORMATS, ".npy", breaks)
    done = run("sample", "normal", "--shape", "3", "-o", "w.npy", "--force")
    assert done.returncode == 2
    assert "No space left" in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["w.npy"]
    assert (tmp_path / "w.npy").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-o", "w.npx"], "Did you mean '.npz'"),
        (["-o", "w"], ".safetensors"),
        (["-o", "."], "a file that ends in"),
        (["-o", ".npy"], "a name before the ending, e.g. weight.npy"),
        (["-o", "a" * 300 + ".npy"], "aaa.npy'. File name too long. Choose another name"),
        (["-o", "loop.npy"], "'loop.npy'. Too many levels of symbolic links."),
        (["-o", "models.npy/w.npy"], "a file that can be written"),
        (["--seed", "-1"], "seed"),
        (["--seed", str(1 << 64)], "seed"),
        (["--index", "1,2"], "--index 0:128"),
        (["--index", "::0,:"], "positive step"),
        (["--index", ":,:,:"], "at most 2 slices"),
        (["--index", f"{10**30}:"], "--index 0:128"),
        (["--path", "\udcff"], "path"),
        (["-o", "w.safetensors", "--path", "__metadata__"], "--path"),
    ],
)
def test_a_wrong_call_is_told_before_the_work(told, tmp_path, arguments, words):
    (tmp_path / "models.npy").write_text("")
    (tmp_path / "loop.npy").symlink_to("loop.npy")
    # It would take hours.
    line = told("sample", "normal", "--shape", "5000000,100000", "-o", "w.npy", *arguments)
    assert words in line
    assert {file.name for file in tmp_path.iterdir()} == {"models.npy", "loop.npy"}


@pytest.mark.parametrize(
    "shape", ["0x10,2", "0X10", "16,0x2", "3,,4", ",3", "3xx4", "(,)", "3,4,,"]
)
def test_a_shape_with_an_empty_size_or_a_hexadecimal_one_is_no_shape(told, shape):
    assert f"Received: {shape!r}. Write e.g. --shape" in told("sample", "normal", "--shape", shape)


@pytest.mark.parametrize(
    ("shape", "sizes"),
    [("(10,)", (10,)), ("3 4", (3, 4)), ("3 , 4", (3, 4)), ("3x0x5", (3, 0, 5)), ("0,5", (0, 5))],
)
def test_a_shape_may_be_written_in_several_ways(run, shape, sizes):
    done = run("sample", "normal", "--shape", shape, "-o", "w.npy")
    assert done.stdout == f"written to w.npy, shape {sizes}\n"


@pytest.mark.parametrize("is_there", [True, False])
def test_a_file_is_written_where_its_link_leads_to(run, tmp_path, is_there):
    target, link = tmp_path / "other" / "target.npy", tmp_path / "link.npy"
    target.parent.mkdir()
    if is_there:
        target.write_text("mine")
    link.symlink_to("other/target.npy")
    assert run("sample", "normal", "--shape", "3", "-o", "link.npy", "--force").returncode == 0
    assert link.is_symlink()
    assert np.load(target).shape == (3,)
    assert {file.name for file in tmp_path.rglob("*")} == {"other", "target.npy", "link.npy"}


def test_a_link_to_a_device_leaves_the_device(run, tmp_path):
    (tmp_path / "none.npy").symlink_to("/dev/null")
    assert run("sample", "normal", "--shape", "3", "-o", "none.npy").returncode == 0
    assert Path("/dev/null").is_char_device()


def test_a_name_may_be_as_long_as_names_can_be(run, tmp_path):
    name = "a" * 251 + ".npy"
    assert run("sample", "normal", "--shape", "3", "-o", name).returncode == 0
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_part_that_ends_past_the_weight_ends_with_it_and_is_told(run, tmp_path):
    done = run("sample", "normal", "--shape", "8,2", "--index", "6:16,:", "-o", "w.npy")
    assert done.stdout == "written to w.npy, shape (2, 2)\n"


def test_what_no_disk_has_room_for_is_told_before_the_work(told, tmp_path):
    assert "room for the weight" in told(
        "sample", "normal", "--shape", "4000000000,4000000", "-o", "w.npy"
    )
    assert not list(tmp_path.iterdir())


def test_what_no_memory_has_room_for_is_told_before_the_work(told, tmp_path):
    line = told("sample", "orthogonal", "--shape", "4000000,4000000", "-o", "w.npy")
    assert "memory" in line
    assert not list(tmp_path.iterdir())


def test_a_large_weight_takes_little_memory(tmp_path):
    # 512 MiB, of which no more than a few blocks are in memory.
    code = """
import re, sys
from fanwise.__main__ import main
sys.argv = ["fanwise", "sample", "uniform", "--shape", "16384,8192", "-o", "w.npy"]
try:
    main()
finally:
    # Not what getrusage tells, which begins with that of the process before.
    print(int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) // 1024)
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) < 400
    rows = np.load(tmp_path / "w.npy", mmap_mode="r")
    index = (slice(9000, 9004), slice(None))
    assert (rows[9000:9004] == fanwise.sample("uniform", (16384, 8192), seed=0, index=index)).all()
