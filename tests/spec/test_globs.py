"""Patterns of paths."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.glob_regexes import regex_of

from fanwise import FanwiseError
from fanwise.spec.globs import LONGEST, check, matches
from fanwise.spec.renaming import renamed


@pytest.mark.parametrize(
    ("pattern", "fits", "misses"),
    [
        ("*/kernel", ["a/kernel"], ["kernel", "a/b/kernel"]),
        ("**/kernel", ["kernel", "a/kernel", "a/b/kernel"], ["a/kernels", "xkernel"]),
        ("a/**", ["a", "a/b", "a/b/c"], ["ab", "b/a"]),
        ("a/**/k", ["a/k", "a/b/k", "a/b/c/k"], ["k", "a/bk"]),
        ("**", ["a", "a/b/c"], []),
        ("layer_?/bias", ["layer_1/bias"], ["layer_10/bias", "layer_/bias"]),
        ("b*/{query,key}/kernel", ["b0/query/kernel", "b/key/kernel"], ["b0/value/kernel"]),
        ("{a/b,c}/kernel", ["a/b/kernel", "c/kernel"], ["a/kernel"]),
        ("{a*,b?}", ["axx", "b1"], ["b", "b12", "a/x"]),
        ("a.b+c", ["a.b+c"], ["aXb+c"]),
        ("**/a/**/k", ["a/k", "x/a/y/z/k"], ["x/k"]),
        ("{a,b/c,}/k", ["a/k", "b/c/k", "k"], ["b/k", "/k", "a/a/k"]),
        ("x/{a*,}", ["x", "x/a1"], ["xa", "x/b", "x/"]),
    ],
)
def test_matches(pattern, fits, misses):
    assert [path for path in fits if not matches(pattern, path)] == []
    assert [path for path in misses if matches(pattern, path)] == []


BAD_PATTERNS = ["", "a//b", "/a", "a/", "a**/b", "{a", "a}", "}{", "a}/b{", "a/{x/**}", "***"]


@pytest.mark.parametrize("pattern", [*BAD_PATTERNS, None, 3, ["a"], "a" * (LONGEST + 1), "{" * 400])
def test_bad_patterns(pattern):
    with pytest.raises(FanwiseError):
        matches(pattern, "a")


SEGMENT = st.text("ab1_.", min_size=1, max_size=3)
PATH = st.lists(SEGMENT, min_size=1, max_size=4).map("/".join)


@given(PATH)
def test_a_path_is_its_own_pattern(path):
    assert matches(path, path)
    assert matches("**", path)
    assert matches("/".join("*" for _ in path.split("/")), path)


@given(PATH, st.lists(SEGMENT | st.just("*") | st.just("**"), min_size=1, max_size=4))
def test_it_agrees_with_a_search_by_segments(path, pattern):
    def fits(pieces, segments):
        if not pieces:
            return not segments
        if pieces[0] == "**":
            return any(fits(pieces[1:], segments[n:]) for n in range(len(segments) + 1))
        one = re.escape(pieces[0]).replace(r"\*", "[^/]*")
        return bool(segments) and bool(re.fullmatch(one, segments[0])) and fits(
            pieces[1:], segments[1:]
        )  # fmt: skip

    assert matches("/".join(pattern), path) == fits(pattern, path.split("/"))


def sound(pattern):
    try:
        check(pattern)
    except FanwiseError:
        return False
    return True


PIECES = (
    "a",
    "b",
    "*",
    "?",
    "{",
    "}",
    ",",
    "/",
    "{a,b}",
    "{a/b,*}",
    "{a,}/",
    "/{,b*}",
    "**/",
    "/**",
)
PATTERN = st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join).filter(sound)
# Empty segments, too: no layer has them, and yet they must not be read in another way.
ANY_PATH = st.lists(st.text("ab*", max_size=3), min_size=1, max_size=5).map("/".join)


@given(PATTERN, ANY_PATH)
def test_it_agrees_with_regular_expressions(pattern, path):
    assert matches(pattern, path) == (regex_of(pattern).fullmatch(f"/{path}") is not None)


@given(PATTERN, ANY_PATH)
def test_stars_stand_for_what_the_groups_of_a_regular_expression_do(pattern, path):
    match = regex_of(f"{pattern}/**").fullmatch(f"/{path}")
    stars = pattern.count("*") - pattern.count("**")
    target = "/".join(["|", *["*"] * stars, "|"])
    if match is None:
        assert renamed(path, {pattern: target}) == path
    else:
        *groups, rest = [group or "" for group in match.groups()]
        texts = [group.strip("/") for group in groups]
        expected = "/".join(["|", *texts, "|"]) + rest
        assert renamed(path, {pattern: target}) == expected.strip("/")


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("**/" * 8 + "x", "/".join("a" * 30), False),
        ("**/" * (LONGEST // 3 - 1) + "x", "/".join("a" * 1000), False),
        ("*a" * 8, "a" * 60 + "b", False),
        ("*a" * (LONGEST // 2), "a" * 5000, True),
        ("{a,a}" * 30, "a" * 30 + "b", False),
        ("{a,a}" * 30, "a" * 30, True),
        ("{*a,*a,*}" * (LONGEST // 9), "a" * 1000, True),
        ("{" * 249 + "a" + "}" * 249, "a", True),
    ],
    ids=["segments", "many segments", "stars", "many stars", "braces", "all", "both", "nested"],
)
def test_no_pattern_takes_long(pattern, path, fits):
    start = time.process_time()
    assert matches(pattern, path) is fits
    assert (renamed(f"{path}/kernel", {pattern: "new"}) == "new/kernel") is fits
    assert time.process_time() - start < 2.0


def test_letters_beyond_what_is_kept_are_read_as_well():
    path = "".join(map(chr, range(0x4E00, 0x4E00 + 9000)))
    for _ in range(2):
        assert matches("*a", f"{path}a")
        assert not matches("*a", f"{path}b")


@pytest.mark.parametrize(
    ("path", "names", "expected"),
    [
        ("h/3/attn/kernel", {"h/*/attn": "blocks/*/attention"}, "blocks/3/attention/kernel"),
        ("model/ln/scale", {"model": ""}, "ln/scale"),
        ("a/b/c/kernel", {"a/**/c": "x/**/y"}, "x/b/y/kernel"),
        ("other/kernel", {"model": ""}, "other/kernel"),
        ("a/kernel", {"a": "first", "*": "second"}, "first/kernel"),
        ("models/kernel", {"model": "x"}, "models/kernel"),
        ("h_3/kernel", {"h_*": "blocks/*"}, "blocks/3/kernel"),
        ("b/kernel", {"{a*,b}": "x*"}, "x/kernel"),
        ("m/h/3/kernel", {"{m,}/**/h/*": "**/b/*"}, "b/3/kernel"),
        ("h/3/kernel", {"{m,}/**/h/*": "**/b/*"}, "b/3/kernel"),
        ("x/m/h/3/kernel", {"{m,}/**/h/*": "**/b/*"}, "x/m/b/3/kernel"),
    ],
)
def test_renamed(path, names, expected):
    assert renamed(path, names) == expected


def test_a_null_character_is_no_capture():
    for pattern in ("a\0", "a\0b<i>", "a\0<i>"):
        with pytest.raises(FanwiseError, match="null characters"):
            check(pattern)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("a/**/b", "a/b"),
        ("a/**", "a"),
        ("**/b", "b"),
        ("a/{x,}/b", "a/b"),
        ("a{bc,}d/e", "ad/e"),
        ("a{b,{c,d}e}f", "acef"),
        ("a{b/c,d}e", "ab/ce"),
        ("{a,b}{,c}/d", "b/d"),
        ("block_<i>x/*", "block_12x/y"),
        ("?b?/c", "abd/c"),
    ],
)
def test_no_path_that_fits_is_passed_over_for_lack_of_a_word(pattern, path):
    assert matches(pattern, path)
