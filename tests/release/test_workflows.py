"""The workflows run sessions that exist, by actions that nobody can exchange, with few rights."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TEXTS = {file.stem: file.read_text("utf-8") for file in FILES}
WORKFLOWS = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
JOBS = [(name, job) for name, workflow in WORKFLOWS.items() for job in workflow["jobs"].values()]
STEPS_OF = {
    name: [step for owner, job in JOBS if owner == name for step in job["steps"]]
    for name in WORKFLOWS
}
STEPS = [step for _, job in JOBS for step in job["steps"]]
PINNED = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
#: What a job of a release may do beyond reading; no other workflow has a job with rights.
RIGHTS = {
    "PyPI": {"id-token": "write"},
    "Release notes": {"contents": "write"},
    "Pages": {"pages": "write", "id-token": "write"},
}


def unpinned(text):
    return [
        line.strip() for line in text.splitlines() if "uses:" in line and not PINNED.search(line)
    ]


def test_there_are_workflows_of_changes_and_of_releases():
    assert {*WORKFLOWS} == {"ci", "release"}


@pytest.mark.parametrize("name", TEXTS)
def test_actions_are_pinned_to_a_commit_and_say_its_version(name):
    assert unpinned(TEXTS[name]) == []
    assert TEXTS[name].count("uses:") == sum("uses" in step for step in STEPS_OF[name])


def test_an_action_of_a_branch_is_seen():
    assert unpinned("- uses: actions/checkout@main\n") == ["- uses: actions/checkout@main"]
    assert unpinned("- uses: actions/checkout@v4 # v4.0.0\n")


def test_sessions_are_those_of_the_noxfile():
    commands = [step["run"] for step in STEPS if re.match("nox .*-s ", step.get("run", ""))]
    found = [re.search(r"nox .*?-s ([\w ]+)", command)[1].split() for command in commands]
    sessions = {session for names in found for session in names}
    assert {"abi", "base", "dist", "docs", "kernels"} <= sessions
    noxfile = (ROOT / "noxfile.py").read_text("utf-8")
    assert [session for session in sessions if f"\ndef {session}(" not in noxfile] == []


def test_files_that_are_run_are_there():
    run = " ".join(step.get("run", "") for step in STEPS)
    files = re.findall(r"(?:bash|python) ([\w./]+)", run)
    assert {".ci/run", "docs/release_notes.py"} <= {*files}
    assert [file for file in files if not (ROOT / file).is_file()] == []


@pytest.mark.parametrize(("name", "job"), JOBS, ids=[job["name"] for _, job in JOBS])
def test_a_job_ends_and_has_no_right_that_it_does_not_use(name, job):
    assert WORKFLOWS[name]["permissions"] == {"contents": "read"}
    assert 0 < job["timeout-minutes"] <= 90
    assert job.get("permissions", {}) == (RIGHTS.get(job["name"], {}) if name == "release" else {})


def test_nothing_is_published_before_all_that_is_released_was_built():
    jobs = WORKFLOWS["release"]["jobs"]
    assert {*jobs["publish"]["needs"]} == {"build", "kernels", "site"}
    assert jobs["pages"]["needs"] == jobs["notes"]["needs"] == "publish"
    assert "release_notes.py" in str(jobs["build"]["steps"])


def test_the_extension_is_published_before_what_asks_for_it():
    """Its source too, and from every system that changes are tried on."""
    jobs = WORKFLOWS["release"]["jobs"]
    steps = jobs["publish"]["steps"]
    uploads = [step.get("with", {}) for step in steps if "pypi-publish" in step["uses"]]
    assert uploads == [{"packages-dir": "kernels-dist/", "skip-existing": True}, {}]
    names = [
        with_["name"] for step in STEPS_OF["release"] if "name" in (with_ := step.get("with", {}))
    ]
    assert {"kernels-sdist", "kernels-${{ matrix.system }}"} <= {*names}
    tried = WORKFLOWS["ci"]["jobs"]["kernels"]["strategy"]["matrix"]
    assert jobs["kernels"]["strategy"]["matrix"] == tried


def test_wheels_of_the_extension_are_built_for_every_kind_of_machine():
    systems = " ".join(WORKFLOWS["release"]["jobs"]["kernels"]["strategy"]["matrix"]["system"])
    kinds = ("ubuntu-latest", "ubuntu-24.04-arm", "macos-latest", "macos-15-intel", "windows")
    assert [kind for kind in kinds if kind not in systems] == []


def test_one_extension_is_tried_on_every_python_that_the_package_names():
    (step,) = (
        s for s in WORKFLOWS["ci"]["jobs"]["abi"]["steps"] if "setup-python" in s.get("uses", "")
    )
    pyproject = (ROOT / "pyproject.toml").read_text("utf-8")
    named = re.findall(r"Programming Language :: Python :: (3\.\d+)", pyproject)
    assert sorted(step["with"]["python-version"].split()) == named
    (found,) = re.findall(
        r"@alone\(python=\((.*)\)\)\ndef abi", (ROOT / "noxfile.py").read_text("utf-8")
    )
    assert ["3.11", *re.findall(r"[\d.]+", found)] == named


def test_the_site_that_is_published_is_the_one_that_is_built():
    (folder,) = re.findall(r"^site_dir: (\S+)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE)
    paths = [step["with"]["path"] for step in STEPS if "upload-pages" in step.get("uses", "")]
    assert paths == [f"{folder}/"]


def test_python_is_tried_in_the_versions_that_the_package_names():
    pyproject = (ROOT / "pyproject.toml").read_text("utf-8")
    named = re.findall(r"Programming Language :: Python :: (3\.\d+)", pyproject)
    matrix = WORKFLOWS["ci"]["jobs"]["base"]["strategy"]["matrix"]["python"]
    assert named == ["3.11", *matrix]
