"""Two living weights of one stream are told of, where the user's own code asked for them."""

import time
import warnings

import pytest

from fanwise import RepeatedStreamWarning
from fanwise.adapters import repeated_streams
from fanwise.adapters.repeated_streams import StreamUses


class Weight:
    """Something that lives."""


@pytest.fixture
def uses():
    return StreamUses()


def warned(uses, *noted):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for arguments in noted:
            uses.note(*arguments)
    return [str(warning.message) for warning in caught]


def test_a_second_living_weight_of_a_stream_is_told_of(uses):
    query, key = Weight(), Weight()
    (message,) = warned(uses, (3, "q", query), (3, "q", key))
    assert "seed=3, path='q'" in message
    assert "initialize" in message


def test_other_seeds_and_paths_are_other_streams(uses):
    weights = [Weight() for _ in range(4)]
    streams = [(0, None), (1, None), (0, "a"), (0, "b")]
    noted = [(*stream, weight) for stream, weight in zip(streams, weights, strict=True)]
    assert warned(uses, *noted) == []


def test_a_weight_that_is_drawn_again_repeats_nothing(uses):
    weight = Weight()
    assert warned(uses, (0, None, weight), (0, None, weight)) == []


def test_a_weight_that_is_gone_repeats_nothing(uses):
    weight = Weight()
    assert warned(uses, (0, None, weight)) == []
    del weight
    assert uses._uses == {}
    other = Weight()
    assert warned(uses, (0, None, other)) == []


def test_a_weight_that_only_itself_holds_repeats_nothing(uses):
    weight, other = Weight(), Weight()
    weight.itself = weight
    uses.note(0, None, weight)
    del weight
    assert warned(uses, (0, None, other)) == []


def test_a_weight_in_the_place_of_another_repeats_nothing(uses):
    weights = [Weight() for _ in range(3)]
    uses.note(0, None, weights[0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        uses.note(0, None, weights[1], replaced=weights[0])
    assert len(warned(uses, (0, None, weights[2]))) == 1


def test_two_parts_of_one_tensor_are_two_weights(uses):
    packed = Weight()
    assert len(warned(uses, (0, None, packed, (0, 4)), (0, None, packed, (4, 8)))) == 1
    assert warned(uses, (1, None, packed, (0, 4)), (1, None, packed, (2, 6))) == []


def test_the_warning_points_at_the_line_that_drew(uses):
    query, key = Weight(), Weight()
    uses.note(0, None, query)
    with pytest.warns(RepeatedStreamWarning) as caught:
        uses.note(0, None, key)
    assert caught[0].filename == __file__


def test_each_line_is_told_of_once(uses):
    weights = [Weight() for _ in range(5)]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for weight in weights:
            uses.note(7, "each line once", weight)
    assert len(caught) == 1


def test_of_a_model_that_is_built_twice_garbage_is_not_looked_for_at_every_weight(
    uses, monkeypatch
):
    looked = []

    def collect():
        looked.append(None)
        time.sleep(0.2)

    monkeypatch.setattr(repeated_streams.gc, "collect", collect)
    first, second = ([Weight() for _ in range(200)] for _ in range(2))
    noted = [(0, str(n), weight) for n, weight in enumerate(first)]
    again = [(0, str(n), weight) for n, weight in enumerate(second)]
    messages = warned(uses, *noted, *again)
    assert len(messages) == 200
    assert "built again" in messages[0]
    assert len(looked) <= 2


def test_after_garbage_was_found_it_is_looked_for_at_once(uses):
    for _ in range(3):
        weight = Weight()
        weight.itself = weight
        assert warned(uses, (0, None, weight)) == []
        del weight
