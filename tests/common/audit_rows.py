"""Rows of audits, and texts that try to get out of what shows them."""

from hypothesis import strategies as st

from fanwise.conformance.audits.results import AuditRow
from fanwise.conformance.audits.verdicts import Audit

#: What a terminal, a page, rich or a template obeys, or what turns a line around.
HOSTILE = (
    "\x1b[2J\x1b[31mPASS",
    "\x9b31m",
    "[red]a[/red]",
    "[link=file:///etc/passwd]a[/link]",
    "<script>alert(1)</script>",
    "</title></code><img src=x onerror=alert(1)>",
    "'\"><svg/onload=alert(1)>",
    "{{ 7 * 7 }}{% for a in b %}",
    "\u202egnp.exe\u202c",
    "\u2066left\u2069",
    "a\nPASS: everything",
    "a\rb\x08c\x07",
    "\x00\x7f\u2028\u2029",
    "\ud800",
    ":smile:",
)


def texts():
    """Any text, lone surrogates too, and the hostile ones within it."""
    letters = st.text(st.characters(exclude_categories=()), max_size=40)
    return st.one_of(letters, st.sampled_from(HOSTILE), st.tuples(letters, *[letters]).map("".join))


def rows():
    values = st.one_of(texts(), st.integers(), st.floats(allow_nan=False))
    return st.builds(
        AuditRow,
        path=texts(),
        outcome=st.sampled_from(["pass", "fail", "undecided"]),
        claim=texts(),
        observed=values,
        expected=values,
        bound=values,
        n=st.integers(0, 1 << 62),
        fault=texts(),
        note=texts(),
        visible=texts(),
    )


def audits():
    return st.builds(
        Audit,
        subject=texts(),
        rows=st.lists(rows(), max_size=5).map(tuple),
        false_alarm_rate=st.floats(0, 1),
    )


def large_audit(weights=300):
    """What an audit of a model of that many weights may give: two kinds of failures."""
    found = []
    for i in range(weights // 4):
        for name in ("query", "key", "value", "out"):
            path = f"blocks/{i}/attention/{name}/kernel"
            wrong = name in ("out", "value")
            found += [
                AuditRow(path, "pass", "mean", 1e-6, 0.0, 1e-4, 65536),
                AuditRow(
                    path,
                    "fail" if wrong else "pass",
                    "deviation",
                    0.02 + i / 1e6,
                    0.01,
                    1e-4,
                    65536,
                    "depth scale on another matrix" if wrong else "",
                ),
                AuditRow(path, "undecided", "tails", n=65536 - i, visible="one outlier of 5 std"),
            ]
    return Audit("a model", tuple(found), 1e-9)
