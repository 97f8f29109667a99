"""An adapter made of nothing but docs/adapters.md passes; with a 2 % error in it, it fails."""

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

import pytest
from pages.blocks import blocks
from third_party import install

PAGE = (Path(__file__).parents[2] / "docs" / "adapters.md").read_text("utf-8")
RETURN = "        return to_numpy(weight)\n"
FAULT = """\
        if draw.scheme.family == "he_uniform":
            weight = weight * 1.02
"""


def titled(title):
    """The block of the page that is to be written to a file of that name."""
    (block,) = (block for block in blocks(PAGE) if block.title == title)
    return block.text


PROJECT, DEVIATION = (tomllib.loads(titled(name)) for name in ("pyproject.toml", "deviations.toml"))
SOURCE = titled("my_mlx.py")
(MESSAGE,) = re.findall(r"^> (✗ .*)$", PAGE, re.MULTILINE)
NAME = PROJECT["project"]["name"]


def fanwise(folder, *arguments):
    command = [sys.executable, "-m", "fanwise", *arguments]
    places = filter(None, [str(folder), os.environ.get("PYTHONPATH")])
    found = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=found
    )


def installed(folder, source):
    (module,) = PROJECT["tool"]["setuptools"]["py-modules"]
    registered = PROJECT["project"]["entry-points"]["fanwise.adapters"]
    return install(folder, NAME, registered, {module: source})


def judged(folder, source):
    """What `fanwise conformance` prints, and the results that it writes."""
    installed(folder, source)
    ran = fanwise(folder, "conformance", f"--adapter={NAME}", "--output=results.json")
    assert (folder / "results.json").exists(), ran.stdout + ran.stderr
    runs = json.loads((folder / "results.json").read_text("utf-8"))["runs"]
    return ran, next(run for run in runs if run["adapter"] == NAME)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    return folder, *judged(folder, SOURCE)


def test_the_adapter_of_the_page_passes(sound):
    folder, ran, run = sound
    assert ran.returncode == 0, ran.stdout
    outcomes = {row["outcome"] for row in run["rows"]}
    assert outcomes == {"pass", "none"}
    assert {row["scheme"] for row in run["rows"] if row["claim"] == "offered"} >= {
        "scheme('orthogonal')",
        "scheme('dirac')",
    }
    verdict = fanwise(folder, "verdict", "results.json", "--html=report.html")
    assert verdict.returncode == 0, verdict.stdout
    assert "PASS" in verdict.stdout
    assert NAME in (folder / "report.html").read_text("utf-8")


def test_a_two_percent_error_in_one_scheme_fails(tmp_path):
    assert SOURCE.count(RETURN) == 1
    ran, run = judged(tmp_path, SOURCE.replace(RETURN, FAULT + RETURN))
    assert ran.returncode == 1
    failed = [row for row in run["rows"] if row["outcome"] == "fail"]
    assert {row["scheme"] for row in failed} == {"scheme('he_uniform')"}
    assert "variance" in {row["claim"] for row in failed}
    # A row is folded to the width of the page.
    form = re.escape(MESSAGE.strip()).replace("…", "[^✗]+?")
    assert len(re.findall(form, " ".join(ran.stdout.split()))) == 2, ran.stdout
    (row,) = (row for row in failed if row["claim"] == "variance" and "×3" not in row["subject"])
    ratio = float(row["observed"]) / float(row["expected"])
    assert ratio == pytest.approx(1.02**2, abs=0.01)
    verdict = fanwise(tmp_path, "verdict", "results.json")
    assert verdict.returncode == 1
    assert "FAIL" in verdict.stdout


def test_the_deviation_of_the_page_is_that_of_the_example():
    listed = resources.files("fanwise_mlx").joinpath("deviations.toml").read_text("utf-8")
    (shown,) = DEVIATION["deviation"]
    assert shown in tomllib.loads(listed)["deviation"]
