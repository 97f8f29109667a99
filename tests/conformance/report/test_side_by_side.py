"""Progress of runs side by side, on a terminal and in a log."""

import io

from rich.console import Console

from fanwise.conformance.processes import AdapterRequest
from fanwise.conformance.report.side_by_side import show_side_by_side

FIRST, SECOND = AdapterRequest("torch"), AdapterRequest("keras", (("KERAS_BACKEND", "jax"),))


def shown(**how):
    screen = Console(file=io.StringIO(), width=80, **how)
    with show_side_by_side(screen) as tell:
        for done in range(21):
            tell(FIRST, done, 20, f"step {done}")
            tell(SECOND, done, 20, f"step [{done}]")
    return screen.file.getvalue()


def test_a_log_has_a_line_now_and_then_that_begins_with_the_run():
    lines = shown().splitlines()
    assert len(lines) == 12
    assert lines[:2] == ["torch: 0/20 step 0", "KERAS_BACKEND=jax keras: 0/20 step [0]"]
    assert lines[-1] == "KERAS_BACKEND=jax keras: 20/20 step [20]"


def test_a_terminal_has_a_bar_for_each_run():
    text = shown(force_terminal=True, color_system=None)
    for name in ("torch", "KERAS_BACKEND=jax keras"):
        assert any(name in line and "20/20" in line for line in text.splitlines()), name
