"""Adapters of others are found, and what is wrong with one is said in a line."""

import copy
import inspect
import sys

import numpy as np
import pytest
from third_party import install

from fanwise import FanwiseError, scheme
from fanwise.adapters import discovery
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.adapters.protocol import (
    Draw,
    LayerDraw,
    WithChoice,
    WithModels,
    WithOwn,
    WithOwnNames,
    WithStarts,
)
from fanwise.adapters.validation import WrongAnswer, checked

GOOD = """
from fanwise.adapters.numpy import NumpyAdapter

class Theirs(NumpyAdapter):
    name = "theirs"
    extra = 42

def adapter():
    return Theirs()
"""


@pytest.fixture
def theirs(tmp_path, monkeypatch):
    """Install a module of someone else's, and load its adapter."""

    def load(source, value="their_module:adapter", *, again=False):
        module, _, _ = value.partition(":")
        monkeypatch.delitem(sys.modules, module, raising=False)
        names = ("their-package", "their-fork") if again else ("their-package",)
        for name in names:
            folder = install(tmp_path / name, name, {"theirs": value}, {"their_module": source})
            monkeypatch.syspath_prepend(folder)
        try:
            return discovery.load("theirs")
        finally:
            sys.modules.pop(module, None)

    return load


def test_an_adapter_of_another_distribution_is_found(theirs):
    found = theirs(GOOD)
    assert "theirs" in discovery.names()
    assert (found.name, found.axes, found.modes) == ("theirs", "kernel", NumpyAdapter.modes)
    assert found.versions() == NumpyAdapter().versions()
    assert found.extra == 42
    assert copy.copy(found).extra == 42
    assert not hasattr(found, "another")


@pytest.mark.parametrize(
    ("source", "value", "words"),
    [
        ("import a_framework_that_is_missing", None, ["their-package", "a_framework_that_is_mi"]),
        ("", None, ["their-package", "function at their_module:adapter"]),
        ("adapter = 3", None, ["without arguments", "Received: 3"]),
        (GOOD, "their_modul:adapter", ["their-package", "No module named 'their_modul'"]),
        ("def adapter(): return None", None, ["NoneType without name, axes, deviations, modes"]),
    ],
)
def test_a_broken_entry_point_is_named(theirs, source, value, words):
    with pytest.raises(FanwiseError) as caught:
        theirs(source, value or "their_module:adapter")
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_an_error_of_the_adapter_itself_keeps_its_traceback(theirs):
    with pytest.raises(ZeroDivisionError):
        theirs("def adapter(): return 1 / 0")


def test_two_adapters_of_one_name_are_refused(theirs):
    with pytest.raises(FanwiseError, match=r"their-fork.*Uninstall"):
        theirs(GOOD, again=True)


def test_the_extra_is_advised_for_our_own_only(monkeypatch):
    class Missing:
        name, value = "torch", "fanwise.adapters.torch.conformance.adapter:adapter"
        dist = type("Ours", (), {"name": "fanwise"})

        def load(self):
            raise ImportError("No module named 'torch'")

    monkeypatch.setattr(discovery, "entry_points", lambda group: [Missing()])
    with pytest.raises(FanwiseError, match=r"pip install 'fanwise\[torch\]'"):
        discovery.load("torch")


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("name", None, "text as name"),
        ("deviations", b"", "deviations.toml as deviations"),
        ("modes", "eager", "tuple of names as modes"),
        ("modes", (), "at least one name as modes"),
        ("layers", ("dense", 3), "tuple of names as layers"),
        ("layers", ("Dense",), "Did you mean 'dense'"),
        ("axes", "out in", "in, out and"),
        ("axes", "out width height in", "in, out and"),
        ("native", None, "a method as native"),
    ],
)
def test_a_member_that_is_not_as_it_should_be_is_named(member, value, words):
    broken = type("Broken", (NumpyAdapter,), {member: value})()
    with pytest.raises(FanwiseError, match="their_module:adapter gives no adapter") as caught:
        checked(broken, "their_module:adapter")
    assert words in str(caught.value)


class Answers(NumpyAdapter):
    """Gives whatever it is told to."""

    def __init__(self, answer):
        self.answer = answer

    def native(self, draw):
        return self.answer

    def portable(self, draw, mode):
        return self.answer

    def layer(self, draw):
        return self.answer


DRAW = Draw(scheme("normal"), (3, 4), 0)
HALF = Draw(scheme("normal"), (3, 4), 0, dtype="bfloat16")


@pytest.mark.parametrize(
    ("draw", "answer", "words"),
    [
        (DRAW, [[0.0]], "a NumPy array. Received: builtins.list"),
        (DRAW, np.zeros((3, 4)), "dtype float32. Received: float64"),
        (HALF, np.zeros((3, 4), "f4"), "dtype uint16, the bits of bfloat16. Received: float32"),
        (DRAW, np.zeros((4, 3), "f4"), r"the shape \(3, 4\). Received: \(4, 3\)"),
    ],
)
def test_a_weight_that_is_not_what_was_asked_for(draw, answer, words):
    adapter = checked(Answers(answer), "theirs")
    with pytest.raises(WrongAnswer, match=rf"native\(scheme\('normal'\), .*{words}"):
        adapter.native(draw)
    with pytest.raises(WrongAnswer, match=rf"portable\(scheme\('normal'\), .*{words}"):
        adapter.portable(draw, "eager")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (np.zeros((3, 4), "f4"), "a pair of an array and an axes pattern"),
        ((np.zeros((3, 4)), "kernel"), "dtype float32"),
        ((np.zeros((3, 4), "f4"), "out in batch batch"), "a shape that the axes"),
    ],
)
def test_a_layer_that_is_not_what_was_asked_for(answer, words):
    drawn = LayerDraw("dense", scheme("normal"), 3, 4, 1, 0, "a/kernel")
    with pytest.raises(WrongAnswer, match=rf"layer\(dense\).*{words}"):
        checked(Answers(answer), "theirs").layer(drawn)


def test_a_wrong_answer_is_not_taken_for_an_initializer_that_is_missing():
    assert not issubclass(WrongAnswer, FanwiseError | ValueError)


class More(NumpyAdapter):
    """With all that an adapter may add."""

    own_layers, models, entry, environment = ("dense",), ("mlp",), "numpy", {}

    def own(self, draw):
        return self.layer(draw)

    def own_name(self, scheme):
        return f"more.{scheme.name}"

    starts = ("dense",)

    def model(self, draw):
        return {}, np.zeros(1)

    def start(self, kind, seed):
        return ()


@pytest.mark.parametrize(
    ("protocol", "members"),
    [
        (WithOwn, ("own_layers", "own")),
        (WithOwnNames, ("own_name",)),
        (WithModels, ("models", "model")),
        (WithStarts, ("starts", "start")),
        (WithChoice, ("entry", "environment")),
    ],
)
def test_what_an_adapter_adds_is_seen(protocol, members):
    """From Python 3.12 on isinstance looks without ``__getattr__``."""
    plain, more = checked(NumpyAdapter(), "numpy"), checked(More(), "more")
    assert isinstance(more, protocol)
    assert not isinstance(plain, protocol)
    absent = object()
    for name in members:
        assert inspect.getattr_static(more, name, absent) is not absent
        assert inspect.getattr_static(plain, name, absent) is absent


def test_a_sound_answer_comes_through_untouched():
    adapter, plain = checked(NumpyAdapter(), "numpy"), NumpyAdapter()
    np.testing.assert_array_equal(adapter.native(DRAW), plain.native(DRAW))
    assert adapter.portable(HALF, "eager").dtype == np.uint16
    drawn = LayerDraw("conv2d", scheme("normal"), 3, 4, 2, 0, "a/kernel")
    np.testing.assert_array_equal(adapter.layer(drawn)[0], plain.layer(drawn)[0])


def test_an_adapter_of_a_file_needs_no_entry_point(tmp_path):
    file = tmp_path / "in_a_file.py"
    file.write_text(GOOD)
    for name in ("adapter", "Theirs"):
        assert discovery.load(f"{file}:{name}").name == "theirs"
    assert "theirs" not in discovery.names()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (None, "a file of Python that is there"),
        ("", "a function that"),
        ("def adapter():\n    raise OSError('a disk')", "OSError: a disk"),
        ("def adapter():\n    raise SystemExit(0)", "SystemExit: 0"),
        ("adapter = object", "an adapter"),
    ],
)
def test_what_is_wrong_with_an_adapter_of_a_file_is_said(source, words, tmp_path):
    file = tmp_path / "in_a_wrong_file.py"
    if source is not None:
        file.write_text(source)
    sys.modules.pop(file.stem, None)
    with pytest.raises(FanwiseError, match=words):
        discovery.load(f"{file}:adapter")
