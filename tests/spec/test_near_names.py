"""What a model has that is most like a name that it has not."""

import pytest

from fanwise.spec.near_names import near_pattern, near_words

PATHS = [
    f"h/block_{i}/{name}/kernel" for i in range(3) for name in ("query", "key", "attention_out")
]


@pytest.mark.parametrize(
    ("pattern", "near"),
    [
        ("**/querry/kernel", "**/query/kernel"),
        ("**/kernl", "**/kernel"),
        ("h/blok_*/key/*", "h/block_*/key/*"),
        ("h/blok_<i>/key/kernel", "h/block_<i>/key/kernel"),
        ("**/nothing_like_it/kernel", ""),
        ("**/{querry,key}/kernel", ""),
    ],
)
def test_each_segment_is_the_nearest_of_the_model(pattern, near):
    assert near_pattern(pattern, PATHS) == near


def test_words_that_are_not_alike_are_not_near():
    assert near_words("LayerNom", {"LayerNorm", "Linear"}) == ["LayerNorm"]
    assert near_words("Conv", {"LayerNorm"}) == []
