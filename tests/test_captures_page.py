"""What docs/captures.md shows is what comes out."""

import re
import subprocess
import sys
from pathlib import Path

PAGE = (Path(__file__).parents[1] / "docs/captures.md").read_text("utf-8")


def test_the_example_prints_what_is_shown():
    (code,), (shown,) = (
        re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
        for language in ("python", "toml")
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip() == shown.rstrip()
