"""Comments silence findings as they do for Ruff."""

import pytest
from common.lint_sources import codes_of

UNCUT = "nn.init.trunc_normal_(w, std=0.02)"
SILENT = {
    "all": f"{UNCUT}  # noqa",
    "the code": f"{UNCUT}  # noqa: FW101",
    "without spaces": f"{UNCUT}  #noqa:FW101",
    "in capitals": f"{UNCUT}  # NOQA: fw101",
    "among others": f"{UNCUT}  # noqa: E501, FW101",
    "without a comma": f"{UNCUT}  # noqa: E501 FW101",
    "with a reason": f"{UNCUT}  # noqa: FW101 as the paper has it",
    "behind a remark": f"{UNCUT}  # as in timm  # noqa: FW101",
    "where a call ends": "nn.init.trunc_normal_(\n    w,\n    std=0.02,\n)  # noqa: FW101",
    "where a call begins": "nn.init.trunc_normal_(  # noqa: FW101\n    w,\n    std=0.02,\n)",
    "the file": f"# fanwise: noqa\n{UNCUT}",
    "the code in the file": f"{UNCUT}\n# fanwise: noqa: FW101",
    "the file for Ruff": f"# ruff: noqa\n{UNCUT}",
    "the code in the file for Ruff": f"# ruff: noqa: E501, FW101\n{UNCUT}",
    "the file for flake8": f"# flake8: noqa\n{UNCUT}",
}
LOUD = {
    "another code": f"{UNCUT}  # noqa: E501",
    "the beginning of the code": f"{UNCUT}  # noqa: FW10",
    "another line": f"# noqa: FW101\n{UNCUT}",
    "a string": f'{UNCUT}; s = "# noqa: FW101"',
    "another code in the file": f"# ruff: noqa: E501\n{UNCUT}",
    "a word like it": f"{UNCUT}  # noqaX",
    "a string in the file": f'"""\n# fanwise: noqa\n"""\n{UNCUT}',
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_a_comment_silences(text):
    assert codes_of(text) == []


@pytest.mark.parametrize("text", LOUD.values(), ids=LOUD)
def test_a_comment_about_something_else_does_not(text):
    assert codes_of(text) == ["FW101"]


def test_one_of_two_findings_is_silenced():
    text = f"{UNCUT}  # noqa: FW101\n{UNCUT}"
    assert codes_of(text) == ["FW101"]
