"""The report as a page: what failed and how to judge it again, what it says, where it leads."""

import html
import re
from dataclasses import replace

import pytest

from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.registry import claims
from fanwise.conformance.report.html import again, report_page, write_html
from fanwise.conformance.report.words import word_sections
from fanwise.conformance.results.machines import Machine
from fanwise.conformance.results.rows import Outcome
from fanwise.conformance.results.runs import read_runs, write_runs
from fanwise.conformance.run import run as run_adapter
from fanwise.conformance.verdict import verdict


def test_the_report_says_how_to_judge_a_row_again(sound, suite, tmp_path):
    rows = list(sound.rows)
    number = next(i for i, row in enumerate(rows) if row.claim == "variance")
    rows[number] = replace(rows[number], outcome=Outcome.FAIL)
    write_html(tmp_path / "r.html", verdict([replace(sound, rows=tuple(rows)), suite]))
    page = (tmp_path / "r.html").read_text()
    assert "FAIL" in page
    step = html.escape(rows[number].step)
    assert f"$ fanwise conformance --adapter numpy --only &#39;{step}&#39;" in page


class SecondColumn(NumpyAdapter):
    """One of several columns of an entry point."""

    name = "numpy-slow"
    entry = "numpy"
    environment = {"NUMPY_SPEED": "very slow"}  # noqa: RUF012


def test_a_row_is_judged_again_as_its_adapter_was_chosen(sound, suite, tmp_path):
    run = run_adapter(SecondColumn(), only="constants")
    write_runs(tmp_path / "r.json", [sound, run, suite])
    (_, run, _) = runs = read_runs(tmp_path / "r.json")
    assert again(run.rows[0], runs) == (
        "NUMPY_SPEED='very slow' fanwise conformance --adapter numpy --only constants"
    )
    assert again(sound.rows[0], runs).startswith("fanwise conformance --adapter numpy --only ")
    assert again(suite.rows[0], runs) == "fanwise mutants --first 77"


def test_a_row_about_several_runs_is_judged_again_by_a_verdict(sound, suite):
    judged = verdict([sound, replace(sound, adapter="other"), suite])
    assert {again(row, judged.runs) for row in judged.compared} == {"fanwise verdict RESULTS ..."}


#: Names and messages that come from adapters and files: markup, quotes, templates, directions.
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "</style></table></details><b>",
    'javascript:alert(1) https://example.org/"onclick=alert(1)',
    "a\u202eb\x1b[2J\x00c",
]


@pytest.fixture(scope="module")
def text(judged):
    return report_page(judged)


@pytest.fixture(scope="module")
def page(text, parse):
    return parse(text)


def test_every_link_into_the_page_has_its_target(page):
    assert len(set(page.ids)) == len(page.ids)
    inner = [link[1:] for link in page.links if link.startswith("#")]
    assert len(inner) > 300
    assert set(inner) <= {*page.ids}
    assert all(link.startswith(("#", "https://")) for link in page.links)


def test_what_a_run_lacks_is_found_too(sound, suite, parse):
    without = [row for row in sound.rows if row.claim not in ("golden", "layers")]
    mutants = [row for row in suite.rows if row.engine != "mutant"]
    judged = verdict([replace(sound, rows=tuple(without)), replace(suite, rows=tuple(mutants))])
    assert {row.claim for row in judged.failures} == {"judged"}
    page = parse(report_page(judged))
    assert "#" not in page.links
    assert {link[1:] for link in page.links if link.startswith("#")} <= {*page.ids}


def test_the_page_loads_nothing(page):
    loading = {"src", "srcset", "data", "poster", "action", "background", "formaction"}
    for tag, attrs in page.tags:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base"}
        assert not loading & {*attrs}
        if tag == "use":
            assert attrs["href"].startswith("#")
    (policy,) = (attrs["content"] for _, attrs in page.tags if "http-equiv" in attrs)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_the_policy_lets_the_page_s_own_style_and_script_through(text):
    import base64
    import hashlib

    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    parts = re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", text, re.DOTALL)
    assert len(parts) == 3
    for part in parts:
        digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_the_legend_has_every_claim_and_every_word(text, page):
    legend = text[text.index('id="legend"') :]
    for name in claims():
        assert re.search(rf'<tr id="c\d+"><th scope="row">{name}<br>', legend), name
    for section in word_sections("conformance"):
        for word in section.words:
            term = html.escape(word.word).replace("&#x27;", "&#39;")
            assert re.search(rf'<dt id="w\d+">\S* ?{re.escape(term)}</dt>', legend), word
    assert page.text


def test_every_word_of_the_legend_is_one_of_the_page(text):
    # But for the definitions themselves.
    body = re.sub(r"<(style|script|dl)>.*?</\1>", "", text, flags=re.DOTALL)
    for section in word_sections("conformance"):
        for word in section.words:
            shown = word.mark or html.escape(word.word).replace("&#x27;", "&#39;")
            assert shown in body, word


def test_every_heading_of_a_column_is_a_word_of_the_legend_or_plain(page, text):
    heads = re.findall(r"<thead>(.*?)</thead>", text, re.DOTALL)
    cells = [cell for head in heads for cell in re.findall(r"<th\b[^>]*>(.*?)</th>", head)]
    plain = {re.sub("<.*?>", "", cell) for cell in cells if "<a " not in cell}
    assert plain <= {
        *("", "versions", "Python", "processor", "date", "called", "read as", "numpy", "other"),
        *("together", "the suite itself", "kinds of claims", "judged", "frameworks", "claims"),
        *("rows", "why", "float16", "bfloat16", "float32", "float64", "caught by", "seen on"),
        *("missed", "what it says", "what holds", "test"),
    }
    assert all(
        "scope=" in tag for tag in re.findall(r"<th\b[^>]*>", text) if "colspan=6" not in tag
    )


def test_the_page_says_by_what_and_when_and_on_what(sound, suite, parse):
    machine = Machine(python="3.99.1", platform="Plan9 mips", cpu="A fast one", cores=77)
    run = replace(sound, date="2031-02-03T04:05:06Z", machine=machine, fanwise="7.8")
    text = parse(report_page(verdict([run, suite]))).text
    for fact in ("3.99.1", "A fast one, Plan9 mips", "77", "2031-02-03 04:05:06 UTC", "7.8"):
        assert fact in text


def test_results_that_do_not_say_it_are_told_apart(sound, suite, parse):
    text = parse(report_page(verdict([replace(sound, date="", machine=None), suite]))).text
    assert text.count("not recorded") == 2


def test_the_number_of_claims_is_what_its_parts_add_up_to(judged, page):
    judged_rows = sum(row.outcome != Outcome.NONE for row in judged.rows)
    assert f"{judged_rows:,} claims judged" in page.text
    assert page.text.count(f"{judged_rows:,}") == 2
    assert "numpy.random has no orthogonal" in page.text


def test_every_row_is_on_the_page(judged, text):
    rows = text[text.index('id="rows"') : text.index('id="legend"')]
    lines = re.findall(r"^<tr(?: class=\w+)?><td>", rows, re.MULTILINE)
    alike = int(re.findall(r"alike in all frameworks: ([\d,]+) rows", rows)[0].replace(",", ""))
    assert len(lines) == len(judged.rows) - alike * (len(judged.runs) - 1)


def test_plots_have_axes_with_ticks_and_what_they_measure(text):
    drawings = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    large = [drawing for drawing in drawings if 'role="img"' in drawing]
    assert len(large) > 20
    for drawing in large:
        assert "aria-label" in drawing
        assert '<use href="#axes"/>' in drawing or "value of an element" in drawing
    (shared,) = (drawing for drawing in drawings if '<g id="axes">' in drawing)
    assert "standard deviations from the mean" in shared
    assert "density" in shared


def test_the_frameworks_own_initializers_are_told_by_their_names(page):
    assert "library.kaiming_normal_" in page.text
    assert "256 inputs, 512 outputs" in page.text


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_that_an_adapter_says_becomes_markup(sound, suite, parse, name, page):
    number = next(i for i, row in enumerate(sound.rows) if row.claim == "variance")
    row = sound.rows[number]
    said = [
        replace(row, subject=name, note=name, observed=name, expected=name, scheme=name, step=name),
        row.marked(Outcome.DEVIATION, name),
        replace(row, outcome=Outcome.FAIL, note=name, bound=name, step=name),
        replace(row, outcome=Outcome.NONE, note=name),
    ]
    rows = tuple(
        replace(each, adapter=name)
        for each in (*sound.rows[:number], *said, *sound.rows[number + 1 :])
    )
    hostile = replace(
        sound,
        adapter=name,
        rows=rows,
        versions={name: name},
        devices=(name,),
        entry=name,
        environment={name: name},
        date=name,
        fanwise=name,
        machine=Machine(python=name, platform=name, cpu=name, cores=1),
        densities=tuple(replace(d, call=name, kind=name) for d in sound.densities),
    )
    written = parse(report_page(verdict([hostile, sound, suite])))
    known = {tag for tag, _ in page.tags} | {"br", "pre"}
    assert {tag for tag, _ in written.tags} <= known
    assert [tag for tag, _ in written.tags].count("script") == 1
    for _, attrs in written.tags:
        assert not any(key.startswith("on") for key in attrs)
        assert not attrs.get("href", "#").lower().startswith("javascript")
    letters = {letter for part in written.texts for letter in part}
    assert {letter for letter in letters if not letter.isprintable()} <= {"\n", "\xa0"}


def test_a_page_of_many_frameworks_is_small(sound, suite):
    """Six frameworks of the size of the reference, none of which has a row alike."""
    runs = [
        replace(
            sound,
            adapter=f"framework{number}",
            rows=tuple(
                replace(row, adapter=f"framework{number}", seed=number) for row in sound.rows
            ),
        )
        for number in range(6)
    ]
    size = len(report_page(verdict([*runs, suite])).encode())
    assert size < 1_500_000 * sum(len(run.rows) for run in runs) / 9000 + 300_000
