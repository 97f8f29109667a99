"""Pictures of the documentation: drawn the same at every run, and checked."""

import re
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2] / "docs" / "pictures"
PICTURE = '''"""A line."""

from style import panels


def draw():
    figure, (axes,) = panels()
    axes.plot([0.0, 1.0], [0.0, {end}])
    axes.set_xlabel("steps of 0.0176")
    return figure
'''
MANY = PICTURE.replace("draw()", "line()") + '\n\ndef figures():\n    yield "first", line()\n'


@pytest.fixture
def draw(tmp_path, monkeypatch):
    """The script, with a folder of pictures that holds one of one figure, and one of many."""
    monkeypatch.syspath_prepend(HERE)
    monkeypatch.syspath_prepend(tmp_path)
    kept = {*sys.modules}
    import draw

    monkeypatch.setattr(draw, "HERE", tmp_path)
    (tmp_path / "line.py").write_text(PICTURE.format(end=1.0))
    (tmp_path / "lines.py").write_text(MANY.format(end=1.0))
    yield draw
    for name in {"draw", "style", "line", "lines"} & {*sys.modules} - kept:
        del sys.modules[name]


@pytest.fixture
def drawn(draw, tmp_path):
    assert draw.main([], tmp_path / "svg") == 0
    return tmp_path / "svg"


def test_a_module_becomes_a_picture_and_one_of_many_becomes_a_folder(drawn):
    assert {str(file.relative_to(drawn)) for file in drawn.rglob("*.svg")} == {
        "line.svg",
        "lines/first.svg",
    }


def test_pictures_that_are_drawn_again_are_the_same(draw, drawn):
    text = (drawn / "line.svg").read_text()
    assert draw.main([], drawn) == 0
    assert (drawn / "line.svg").read_text() == text
    assert draw.main(["--check"], drawn) == 0


@pytest.mark.parametrize("file", ["line.svg", "lines/first.svg"])
@pytest.mark.parametrize("change", ["a number", "a word", "no file"])
def test_the_check_names_a_picture_that_is_another(draw, drawn, file, change, capsys):
    path = drawn / file
    text = path.read_text()
    if change == "no file":
        path.unlink()
    elif change == "a word":
        path.write_text(text.replace("0.0176<", "0.0177<"))
    else:
        path.write_text(
            re.sub(r"L (\d+)\.", lambda match: f"L {int(match[1]) + 3}.", text, count=1)
        )
    state = path.read_text() if path.exists() else None
    assert draw.main(["--check"], drawn) == 1
    assert file in capsys.readouterr().err
    assert (path.read_text() if path.exists() else None) == state


def test_the_check_names_a_picture_whose_script_has_changed(draw, drawn, tmp_path, capsys):
    (tmp_path / "line.py").write_text(PICTURE.format(end=0.5).replace("steps", "epochs"))
    del sys.modules["line"]
    assert draw.main(["line", "--check"], drawn) == 1
    assert "line.svg" in capsys.readouterr().err


def test_roundings_of_another_processor_are_no_change(draw, drawn):
    path = drawn / "line.svg"
    text = path.read_text()
    nudged = re.sub(r"L (\d+\.\d+)", lambda match: f"L {float(match[1]) + 0.01:.2f}", text)
    assert nudged != text
    path.write_text(nudged)
    assert draw.main(["line", "--check"], drawn) == 0


def test_a_picture_of_no_name_is_refused(draw, tmp_path, capsys):
    with pytest.raises(SystemExit):
        draw.main(["lin"], tmp_path)
    assert "lin" in capsys.readouterr().err


def test_a_picture_that_is_too_large_is_refused(draw, drawn, monkeypatch):
    monkeypatch.setattr(draw, "LARGEST", 1000)
    with pytest.raises(ValueError, match="at most 1000 bytes"):
        draw.main(["line"], drawn)


def test_text_stays_text_and_the_ground_is_transparent(drawn):
    text = (drawn / "line.svg").read_text()
    assert ">steps of 0.0176<" in text
    assert "#ffffff" not in text
