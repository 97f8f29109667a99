"""Patterns of paths."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanwise import FanwiseError
from fanwise.spec.globs import matches, renamed


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
    ],
)
def test_matches(pattern, fits, misses):
    assert [path for path in fits if not matches(pattern, path)] == []
    assert [path for path in misses if matches(pattern, path)] == []


@pytest.mark.parametrize("pattern", ["", "a//b", "/a", "a/", "a**/b", "{a", "a}", "}{", None, 3])
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
    ],
)
def test_renamed(path, names, expected):
    assert renamed(path, names) == expected
