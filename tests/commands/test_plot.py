"""``fanwise plot``: drawn weights beside the density of their law."""

import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest

import fanwise
from commands.some_schemes import SOME_SCHEMES
from fanwise.commands.weight_views import density_of, matrices_of, spectrum_of
from fanwise.spec.catalogue import catalogue
from fanwise.spec.resolved import resolve

SHAPE = ("--shape", "64,32")


@pytest.mark.parametrize(
    ("suffix", "begins"),
    [(".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF"), (".PNG", b"\x89PNG")],
)
def test_a_picture_is_written_in_each_format(run, tmp_path, suffix, begins):
    done = run("plot", "he_normal", *SHAPE, "-o", f"new/p{suffix}")
    assert (done.returncode, done.stdout) == (0, f"written to new/p{suffix}\n"), done.stderr
    assert (tmp_path / "new" / f"p{suffix}").read_bytes().startswith(begins)


@pytest.mark.parametrize("name", SOME_SCHEMES)
def test_schemes_of_every_form_are_plotted(run, tmp_path, name):
    kernel = catalogue().entries[name].shape is None and name not in ("delta_orthogonal", "dirac")
    done = run("plot", name, *(("--shape", "16,16") if kernel else ()), "-o", "p.svg")
    assert done.returncode == 0, done.stderr
    assert "<path" in (tmp_path / "p.svg").read_text()


def test_a_matrix_has_the_rows_and_the_spectrum_of_the_weight():
    resolved = resolve(fanwise.scheme("orthogonal", gain=2.0), (8, 6, 3), "torch")
    weight = fanwise.sample(resolved.scheme, (8, 6, 3), seed=0, axes="torch")
    matrices = matrices_of(resolved, weight)
    assert matrices.shape == (1, 18, 8)
    assert np.array_equal(matrices[0], weight.transpose(2, 1, 0).reshape(18, 8))
    assert spectrum_of(matrices[0]) == pytest.approx(np.full(8, 2.0), rel=1e-5)


def test_several_schemes_are_over_each_other_each_with_its_parameters(run, tmp_path, monkeypatch):
    monkeypatch.setitem(plt.rcParams, "svg.fonttype", "none")
    words = ("normal", "std=0.5", "he_normal", "uniform", "low=-0.25")
    assert run("plot", *words, *SHAPE, "-o", "p.svg").returncode == 0
    text = (tmp_path / "p.svg").read_text()
    for label in ("normal std=0.5: std 0.5", "he_normal: std 0.1768", "uniform low=-0.25"):
        assert label in text


def test_the_same_call_writes_the_same_picture(run, tmp_path):
    for name in ("a.svg", "b.svg"):
        assert run("plot", "normal", *SHAPE, "-o", name).returncode == 0
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.parametrize("words", [("normal", {}), ("he_normal", {}), ("uniform", {}),
                                   ("truncated_normal", {"low": -1.0, "high": 3.0})])  # fmt: skip
def test_a_density_is_that_of_the_law(words):
    name, params = words
    resolved = resolve(fanwise.scheme(name, **params), (64, 32))
    points = np.linspace(-8, 8, 1_600_001)
    heights = density_of(resolved.law, points)
    step = points[1] - points[0]
    assert heights.sum() * step == pytest.approx(1, rel=1e-4)
    mean = (heights * points).sum() * step
    assert mean == pytest.approx(resolved.law.mean, abs=1e-4)
    assert ((heights * points**2).sum() * step - mean**2) ** 0.5 == pytest.approx(
        resolved.law.std, rel=1e-3
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["he_normal", *SHAPE, "-o", "p.jpg"], "Did you mean '.png'"),
        (["he_normal", *SHAPE, "-o", "p"], ".svg"),
        (["he_normal", *SHAPE], "--output"),
        (["he_nromal", *SHAPE, "-o", "p.png"], "Did you mean 'he_normal'?"),
        (["normal", "--shape", "1000000,1000000", "-o", "p.png"], "elements to plot"),
        (["normal", "--shape", "0", "-o", "p.png"], "elements to plot"),
        (["normal", *SHAPE, "--seed", "-1", "-o", "p.png"], "seed"),
        (["normal", *SHAPE, "-o", "there.png"], "--force"),
    ],
)
def test_a_wrong_call_is_told_before_the_work(told, tmp_path, arguments, words):
    (tmp_path / "there.png").write_text("mine")
    assert words in told("plot", *arguments)
    assert [file.name for file in tmp_path.iterdir()] == ["there.png"]
    assert (tmp_path / "there.png").read_text() == "mine"


def test_a_plot_without_its_extra_names_it(tmp_path):
    code = f"""
import sys
sys.modules["matplotlib"] = None
sys.argv = ["fanwise", "plot", "normal", "--shape", "3", "-o", {str(tmp_path / "p.png")!r}]
from fanwise.__main__ import main
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "fanwise: This command needs matplotlib: pip install 'fanwise[plot]'.\n"
    assert not list(tmp_path.iterdir())
