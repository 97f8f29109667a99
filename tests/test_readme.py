"""What README.md shows is what comes out, and what it leads to is there."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from fanwise.__main__ import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall(README)
PYTHON = [code for language, code in BLOCKS if language == "python"]
OUTPUTS = [text for language, text in BLOCKS if language == "text"]
INSTALLS = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines()]
#: Those of the command line: in a console, and in the text.
COMMANDS = re.findall(r"(?:^\$ |`)(fanwise .*?)(?:`|$)", README, re.MULTILINE)
EXAMPLE = ROOT / "examples/readme_example.py"
THREE_FRAMEWORKS = ROOT / "examples/recipe_three_frameworks.py"
#: Of the target of a link or a picture, up to a part of the page.
LINK = re.compile(r"\]\(([^)\s]+)\)")
LINKS = LINK.findall(README)
LONGEST = 1550
REPOSITORY, SITE = PROJECT["urls"]["Source"], PROJECT["urls"]["Documentation"]
RAW = REPOSITORY.replace("https://github.com", "https://raw.githubusercontent.com")


def run(code, tmp_path):
    script = tmp_path / "readme.py"
    script.write_text(code)
    variables = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, env=variables
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_blocks_are_the_example_and_print_what_is_shown(tmp_path):
    shown = "\n".join(PYTHON[:2])
    assert EXAMPLE.read_text().split('"""', 2)[2].strip() == shown.strip()
    assert run(shown, tmp_path) == "".join(OUTPUTS[:2])


@pytest.mark.parametrize("number", range(2, len(PYTHON)))
def test_another_block_runs_by_itself_and_prints_what_is_shown(number, tmp_path):
    assert run(PYTHON[number], tmp_path) == OUTPUTS[number]


def test_every_python_block_has_an_output():
    assert len(PYTHON) == len(OUTPUTS) == 4
    assert all(re.search(r"```\n\n```text\n", README.split(code)[1][:20]) for code in PYTHON)


def test_the_example_of_three_frameworks_is_of_the_recipe_that_is_shown(tmp_path):
    (recipe,) = re.findall(r'RECIPE = """.*?"""', PYTHON[2], re.DOTALL)
    (theirs,) = re.findall(r'RECIPE = """.*?"""', THREE_FRAMEWORKS.read_text(), re.DOTALL)
    assert theirs == recipe
    printed = run(THREE_FRAMEWORKS.read_text(), tmp_path)
    assert printed == f"{OUTPUTS[2]}the same function in all three: True\n"


def test_it_is_short():
    assert len(README.split()) <= LONGEST


def test_what_it_does_comes_first_then_how_to_see_it_work():
    headings = re.findall(r"^#+ (.*)", README, re.MULTILINE)
    assert headings[:3] == ["Fanwise", "Try it", "The problem"]
    assert INSTALLS[0].startswith("pip install ")
    assert COMMANDS[0] == "fanwise demo"
    assert README.split("\n\n")[1].startswith(PROJECT["description"].split(",")[0])


def targets(links):
    """The file of the repository that each link leads to; None for one that leads elsewhere."""
    return {link: target(link) for link in links}


def target(link):
    for start in (f"{REPOSITORY}/blob/main/", f"{REPOSITORY}/tree/main/", f"{RAW}/main/"):
        if link.startswith(start):
            return ROOT / link.removeprefix(start).partition("#")[0]
    workflow = re.match(re.escape(REPOSITORY) + "/actions/workflows/([^/]+)", link)
    if workflow:
        return ROOT / ".github" / "workflows" / workflow[1]
    if link.startswith(SITE):
        page = link.removeprefix(SITE).partition("#")[0] or "index.html"
        return page_file(page)
    return None


def page_file(page):
    """The source of a page of the site; those of the reference are written from the modules."""
    if page.startswith("reference/"):
        module = page.removeprefix("reference/").removesuffix(".html")
        return ROOT / "src" / module.replace(".", "/")
    return ROOT / "docs" / page.replace(".html", ".md")


def test_links_are_absolute_since_they_are_followed_from_pypi_too():
    assert len(LINKS) > 20
    assert [link for link in LINKS if not link.startswith("https://")] == []
    assert not re.search(r"<(a|img)\b|^\[[^\]]+\]: ", README, re.MULTILINE)


def test_what_is_linked_is_there():
    known = {link: file for link, file in targets(LINKS).items() if file is not None}
    assert len(known) > 20
    assert [link for link, file in known.items() if not file.exists()] == []


def test_other_links_are_those_of_badges():
    elsewhere = [link for link, file in targets(LINKS).items() if file is None]
    starts = ("https://img.shields.io/", f"https://pypi.org/project/{PROJECT['name']}/")
    assert [link for link in elsewhere if not link.startswith(starts)] == []


def test_the_check_sees_links_that_lead_nowhere():
    wrong = [f"{REPOSITORY}/blob/main/NONE.md", f"{SITE}none.html", f"{SITE}reference/none.html"]
    assert [file.exists() for file in targets(wrong).values()] == [False] * len(wrong)
    assert target("docs/recipes.md") is None


def test_badges_say_what_is_so():
    prefix = "Programming Language :: Python :: 3."
    named = [text.rpartition(" ")[2] for text in PROJECT["classifiers"] if text.startswith(prefix)]
    assert f"badge/python-{'_%7C_'.join(named)}-" in README
    assert f"badge/licence-{PROJECT['license'].replace('-', '--')}-" in README
    assert f"img.shields.io/pypi/v/{PROJECT['name']})" in README


def test_extras_are_those_of_the_package():
    extras = {*PROJECT["optional-dependencies"]}
    asked = {name for text in re.findall(r"\[([\w,]+)\]\"", README) for name in text.split(",")}
    assert asked == {"cli", "fast", "torch"}
    assert asked <= extras
    (listed,) = re.findall(r"The extras are (.*?)\.\n", README, re.DOTALL)
    assert {*re.findall(r"`([\w-]+)`", listed)} <= extras


def test_commands_are_those_of_the_command_line():
    known = {command.callback.__name__ for command in app.registered_commands}
    shown = {shlex.split(line)[1] for line in COMMANDS}
    assert len(shown) > 3
    assert shown <= known


def test_what_the_sessions_take_is_what_was_measured():
    costs = tomllib.loads((ROOT / "costs.toml").read_text("utf-8"))
    environment, sessions = costs["environments"]["frameworks"], costs["sessions"]
    (judged,) = re.findall(r"It takes (\d+) minutes on two quiet cores", README)
    assert 0 <= int(judged) - sessions["conformance"] - environment["minutes"] < 1.5
    (disk,) = re.findall(r"(\d+) GB on disk", README)
    assert 0 <= int(disk) - environment["gigabytes"] < 1
    (tested,) = re.findall(r"and take (\d+) minutes", README)
    assert 0 <= int(tested) - sessions["tests"] < 1.5


def test_sessions_are_those_of_the_noxfile():
    lines = [line for line in INSTALLS if "nox -s" in line]
    install = "python -m pip install nox && nox -s "
    assert lines == [f"{install}conformance", f"{install}tests"]
    noxfile = (ROOT / "noxfile.py").read_text()
    assert all(f"\ndef {line.removeprefix(install)}(" in noxfile for line in lines)
