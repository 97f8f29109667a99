"""What docs/audit.md shows runs, and finds what it says."""

import re
import subprocess
import sys
from pathlib import Path

PAGE = (Path(__file__).parents[1] / "docs/audit.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_examples_find_the_fault_by_its_name():
    code = "\n".join(blocks("python"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    verdict, *lines = done.stdout.splitlines()
    assert verdict == "False"
    assert "4/down/kernel | deviation | depth scale missing, 1/sqrt(12)" in lines
    audit, unwritten = lines[: lines.index("False")], lines[lines.index("False") + 1 :]
    assert all(line.startswith("4/down/kernel | ") for line in audit)
    assert unwritten == ["gate (parameter, [8]): nobody wrote it", "1 of 3 tensors are not set."]


def test_every_option_of_the_commands_is_one():
    from typer.main import get_command

    from fanwise.__main__ import app

    commands = get_command(app).commands
    calls = re.findall(r"fanwise (audit|capture|lint) (.*)", PAGE)
    assert len(calls) >= 5
    for name, arguments in calls:
        known = {option for parameter in commands[name].params for option in parameter.opts}
        assert set(re.findall(r"(?<= )--?[a-z]+", f" {arguments}")) <= known
