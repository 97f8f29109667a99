"""``fanwise demo``, with each framework alone, with none, and with all that are there."""

import os
import re
import subprocess
import sys
import time

import pytest

#: What is there beside NumPy, what is hidden, and how the one that is there is called.
ALONE = {
    "torch": (("jax", "keras", "tensorflow", "flax"), "torch"),
    "jax": (("torch", "keras", "tensorflow"), "jax"),
    "keras on jax": (("torch", "tensorflow"), "keras on jax"),
    "keras on torch": (("jax", "tensorflow", "flax"), "keras on torch"),
    "none": (("torch", "jax", "keras", "tensorflow", "flax"), ""),
}
HIDE = """
import sys

# As of what is not installed: neither imported nor found.
sys.modules.update(dict.fromkeys({hidden!r}))
sys.argv = ["fanwise", "demo"]
from fanwise.__main__ import main

main()
"""
ROW = r"^{} +0\.0626 +2\.27 std +-0\.0313$"
BITS = r"^{} +4a10a6ee0251… +✓$"


def demo(hidden, **environment):
    left_out = ("KERAS_BACKEND", "COLUMNS", "NO_COLOR", "FORCE_COLOR")
    variables = {key: value for key, value in os.environ.items() if key not in left_out}
    command = [sys.executable, "-c", HIDE.format(hidden=hidden)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**variables, "PYTHONIOENCODING": "utf-8", **environment},
    )


@pytest.mark.parametrize("name", ALONE)
def test_any_one_framework_will_do(name):
    hidden, called = ALONE[name]
    begun = time.monotonic()
    done = demo(hidden, COLUMNS="60")
    assert done.returncode == 0, done.stdout + done.stderr
    assert time.monotonic() - begun < 60
    text = done.stdout
    for framework in filter(None, (called, "NumPy")):
        assert re.search(ROW.format(framework), text, re.MULTILINE), text
        assert re.search(BITS.format(framework), text, re.MULTILINE), text
    assert max(map(len, text.splitlines())) <= 60
    assert "\x1b" not in text
    assert text.count("\n  fanwise ") == 3


def test_of_a_framework_that_is_not_there_no_number_is_made_up():
    text = demo(ALONE["jax"][0]).stdout
    # By its law: the standard deviation, the cut, and no value.
    assert re.search(r"^torch \* +0\.0884 +any +-$", text, re.MULTILINE)
    assert re.search(r"^keras \* +0\.0625 +< 2\.27 std +-$", text, re.MULTILINE)
    assert re.search(r"^jax +0\.0625 +2\.27 std +\+0\.1035$", text, re.MULTILINE)
    assert "torch, keras are not installed here" in text


def test_without_a_framework_it_says_what_to_install():
    done = demo(ALONE["none"][0])
    assert done.returncode == 0
    assert "None is installed here" in done.stdout
    for extra in ("torch", "tensorflow", "jax"):
        assert f"pip install 'fanwise[{extra}]'" in done.stdout


@pytest.mark.slow
def test_every_framework_that_is_there_draws_the_same_bits():
    text = demo(()).stdout
    for framework in ("torch", "keras on tensorflow", "jax", "NumPy"):
        assert re.search(BITS.format(framework), text, re.MULTILINE), text
    assert "The same bits in torch, keras on tensorflow, jax, NumPy." in " ".join(text.split())
    # As the README has it.
    assert re.search(r"^keras on tensorflow +0\.0625 +2\.27 std +-0\.1206$", text, re.MULTILINE)


def test_colours_and_letters_are_those_of_the_terminal():
    assert "\x1b[" in demo(ALONE["none"][0], FORCE_COLOR="1").stdout
    assert "\x1b[" not in demo(ALONE["none"][0], FORCE_COLOR="1", NO_COLOR="1").stdout
    plain = demo(ALONE["none"][0], PYTHONIOENCODING="ascii").stdout
    assert plain.isascii()
    assert "##" in plain
