"""Files and folders of any kind are read safely, and what cannot be read is told."""

import os
import time
from pathlib import Path

import pytest

from fanwise.adapters.lint import lint, lint_bytes
from fanwise.adapters.lint.reading import LARGEST
from fanwise.spec import FanwiseError

pytestmark = pytest.mark.slow

UNCUT = "from torch import nn\nnn.init.trunc_normal_(w, std=0.02)\n"
DEEP = {
    "parentheses": "(" * 100_000 + "1" + ")" * 100_000,
    "signs": "-" * 500_000 + "1",
    "sums": "+".join(["a"] * 200_000),
    "attributes": "a" + ".b" * 200_000,
    "calls": "a" + "()" * 200_000,
    "branches": "if a:\n pass\n" + "elif a:\n pass\n" * 20_000,
    "lambdas": "lambda: " * 100_000 + "1",
    "a sum of 300": "+".join(["a"] * 300),
}


def codes_of_bytes(content):
    return [finding.code for finding in lint_bytes("x.py", content)]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "model.py").write_text(UNCUT)
    return tmp_path


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_what_is_too_deep_is_told(text):
    assert codes_of_bytes(text.encode()) in (["FW903"], ["FW901"])


def test_what_is_as_deep_as_people_write_is_read():
    text = UNCUT + "x = " + "+".join(["a"] * 150)
    assert codes_of_bytes(text.encode()) == ["FW101"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"def f(:\n", "FW901"),
        (b"a = 1\0\n", "FW901"),
        (b"x = " + b"9" * 10_000, "FW901"),
        (b"print 'a'\n", "FW901"),
        (b"x = '\xff'\n", "FW902"),
        (b"# coding: nowhere\n", "FW902"),
        (b"# coding: rot13\nk = 1\n", "FW902"),
        (b"# coding: hex\n61\n", "FW902"),
        (b"\xff\xfex\0=\0", "FW902"),
        (b"x = 1\n" * 100_000, ""),
    ],
)
def test_what_is_no_source_has_a_code(content, code):
    assert codes_of_bytes(content) == ([code] if code else [])


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + UNCUT.encode(),
        UNCUT.replace("\n", "\r\n").encode(),
        b"# coding: latin-1\n# \xe9\n" + UNCUT.encode(),
        b"\x0c\n" + UNCUT.encode(),
        "# coding: cp1252\n# \u20ac\n".encode("cp1252") + UNCUT.encode(),
    ],
)
def test_sources_in_other_encodings_are_read(content):
    assert codes_of_bytes(content) == ["FW101"]


def test_columns_count_characters():
    (finding,) = lint_bytes(
        "x.py", ("from torch import nn\n'é😀'; nn.init.trunc_normal_(w, std=.02)").encode()
    )
    assert (finding.line, finding.column, finding.end_column) == (2, 7, 40)


def test_escapes_of_a_source_make_no_warning():
    assert codes_of_bytes(b"x = '\\d'\ny = 1 is 1\n") == []


def test_a_file_that_is_too_large_is_not_read(folder):
    (folder / "large.py").write_bytes(b"# " + b"x" * LARGEST)
    assert [f.code for f in lint(folder)] == ["FW903", "FW101"]


def test_files_that_cannot_be_parsed_do_not_stop_the_others(folder):
    (folder / "broken.py").write_text("def f(:\n")
    (folder / "bytes.py").write_bytes(b"'\xff'")
    assert sorted(f.code for f in lint(folder)) == ["FW101", "FW901", "FW902"]


def test_pipes_devices_and_broken_links_are_told_and_not_opened(folder):
    os.mkfifo(folder / "pipe.py")
    (folder / "zero.py").symlink_to("/dev/zero")
    (folder / "broken.py").symlink_to("nowhere.py")
    (folder / "circle.py").symlink_to("circle.py")
    codes = {Path(f.path).name: f.code for f in lint(folder)}
    assert codes == {
        "pipe.py": "FW904",
        "zero.py": "FW904",
        "broken.py": "FW904",
        "circle.py": "FW904",
        "model.py": "FW101",
    }


def test_links_to_folders_are_not_followed(folder):
    (folder / "inside").mkdir()
    (folder / "inside" / "again").symlink_to(folder)
    (folder / "etc").symlink_to("/")
    assert [f.code for f in lint(folder)] == ["FW101"]


def test_a_file_that_is_named_twice_is_read_once(folder):
    assert len(lint([folder, folder / "model.py", f"{folder}/./model.py"])) == 1


@pytest.mark.parametrize(
    "name", [".git", ".venv", "__pycache__", "node_modules", "build", "site-packages", ".tox"]
)
def test_folders_of_what_others_wrote_are_left_out(folder, name):
    (folder / name).mkdir()
    (folder / name / "model.py").write_text(UNCUT)
    assert len(lint(folder)) == 1
    assert len(lint(folder / name)) == 1


def test_an_environment_of_any_name_is_left_out(folder):
    (folder / "env" / "lib").mkdir(parents=True)
    (folder / "env" / "pyvenv.cfg").write_text("")
    (folder / "env" / "lib" / "model.py").write_text(UNCUT)
    assert len(lint(folder)) == 1


def test_patterns_leave_files_and_folders_out(folder):
    (folder / "old").mkdir()
    (folder / "old" / "model.py").write_text(UNCUT)
    (folder / "test_model.py").write_text(UNCUT)
    assert len(lint(folder)) == 3
    assert len(lint(folder, exclude=["old", "test_*.py"])) == 1
    assert len(lint(folder, exclude=["old/*.py"])) == 2


def test_other_files_are_read_if_they_are_named(folder):
    (folder / "model.txt").write_text(UNCUT)
    assert len(lint(folder)) == 1
    assert len(lint(folder / "model.txt")) == 1


@pytest.mark.parametrize("name", ["nothing.py", "a\0b"])
def test_a_path_that_is_not_there_is_an_error(folder, name):
    with pytest.raises(FanwiseError, match="a file or folder"):
        lint([folder, name])


@pytest.mark.parametrize(
    ("select", "ignore", "found"),
    [
        ([], [], ["FW101", "FW403"]),
        (["FW1"], [], ["FW101"]),
        (["FW101", "FW4"], [], ["FW101", "FW403"]),
        (["fw4"], [], ["FW403"]),
        ([], ["FW101"], ["FW403"]),
        (["FW"], ["FW4"], ["FW101"]),
        (["FW403"], ["FW4"], ["FW403"]),
        (["FW4"], ["FW403"], []),
        (["FW1"], ["FW1"], []),
    ],
)
def test_codes_are_chosen_by_their_beginnings(tmp_path, select, ignore, found):
    text = UNCUT + "def init_weights(m):\n    m.weight.data.normal_()\n"
    (tmp_path / "model.py").write_text(text)
    assert [f.code for f in lint(tmp_path, select=select, ignore=ignore)] == found


@pytest.mark.parametrize("code", ["FW8", "E501", ""])
def test_a_code_that_is_not_known_is_an_error(folder, code):
    with pytest.raises(FanwiseError, match="a code of the lint"):
        lint(folder, select=[code])


def test_nothing_of_a_source_is_run(folder):
    mark = folder / "ran"
    (folder / "evil.py").write_text(f"open({str(mark)!r}, 'w')\nraise SystemExit\n")
    lint(folder)
    assert not mark.exists()


def test_a_name_that_no_text_can_hold_is_read(tmp_path):
    (tmp_path / os.fsdecode(b"m\xff.py")).write_text(UNCUT)
    assert [f.code for f in lint(tmp_path)] == ["FW101"]


@pytest.mark.parametrize(
    "line",
    [
        "nn.init.trunc_normal_(w, std=.02)",
        "a{i} = jax.random.normal(key, (3,))",
        "s{i} = hash(n)",
        "torch.manual_seed(0); nn.init.normal_(w)",
        "class A{i}(nn.Module):\n def __init__(self):\n  self.w{i} = nn.Parameter(torch.empty(3))",
        "class A{i}(A{j}):\n  def __init__(self):\n    self.w = nn.Parameter(torch.empty(3))",
        "d = keras.layers.Dense(3, kernel_initializer=keras.initializers.HeNormal(seed=1))",
        "x{i} = x{j} * 2",
        "def f{i}(m):\n  m.weight.data.normal_()",
    ],
)
def test_a_source_of_many_like_lines_is_read_soon(line):
    imports = "import torch, jax, keras\nfrom torch import nn\n"
    text = imports + "\n".join(line.format(i=i, j=i - 1) for i in range(4000))
    start = time.process_time()
    lint_bytes("x.py", text.encode())
    # It takes a second or two; what grows with the square of the lines takes minutes.
    assert time.process_time() - start < 30
