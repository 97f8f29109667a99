"""Two living weights of one stream: what counts as a weight in torch."""

import warnings

import pytest
import torch
from torch import nn

import fanwise.torch as init
from fanwise import RepeatedStreamWarning
from fanwise.adapters.torch.drawing.streams_in_use import note_stream


def warned(*tensors, path):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for tensor in tensors:
            note_stream(tensor, 0, path)
    return len(caught)


def test_two_weights_of_one_stream_are_told_of():
    assert warned(torch.empty(3), nn.Parameter(torch.empty(3)), path="two") == 1


@pytest.mark.parametrize(
    "alias", [lambda w: w, lambda w: w.data, lambda w: w.detach(), lambda w: w.T, lambda w: w[:]]
)
def test_another_name_of_one_weight_is_that_weight(alias, request):
    weight = nn.Parameter(torch.empty(4, 4))
    assert warned(weight, alias(weight), path=request.node.name) == 0


def test_halves_of_a_packed_weight_are_two():
    packed = nn.Parameter(torch.empty(8, 4))
    with torch.no_grad():
        assert warned(packed[:4], packed[4:], path="packed") == 1
        assert warned(packed[:4].T, packed[4:].T, path="turned") == 1


def test_a_weight_that_is_gone_is_in_no_ones_way():
    assert warned(torch.empty(3), path="gone") == 0
    assert warned(torch.empty(3), path="gone") == 0


def test_a_weight_lives_as_long_as_its_memory():
    weight = torch.empty(3)
    kept = weight.detach()
    assert warned(weight, path="memory") == 0
    del weight
    assert warned(torch.empty(3), path="memory") == 1
    assert warned(kept, path="memory") == 0


def test_what_is_not_drawn_repeats_nothing():
    nothing = [torch.empty(3, device="meta"), torch.empty(3, 0), torch.empty(3, device="meta")]
    assert warned(*nothing, path="nothing") == 0


def test_the_warning_can_be_made_an_error():
    weights = [torch.empty(3) for _ in range(2)]
    note_stream(weights[0], 0, "an error")
    with pytest.raises(RepeatedStreamWarning, match="path='an error'"):
        note_stream(weights[1], 0, "an error")


TWICE = {
    "without a path": lambda t: init.kaiming_normal_(t, seed=0),
    "by one path": lambda t: init.normal_(t, seed=0, path="q"),
    "by torch's own functions": lambda t: init.normal_(t, seed=0, engine="native"),
    "of what is drawn together": lambda t: init.orthogonal_(t, seed=0),
}
NOT_TWICE = {
    "of the generator's seeds": init.kaiming_normal_,
    "of one generator": lambda t: init.normal_(t, generator=torch.Generator().manual_seed(0)),
    "of constants": lambda t: init.constant_(t, 0.5, seed=0),
    "of zeros": lambda t: init.zeros_(t, seed=0),
    "of identities": lambda t: init.eye_(t, seed=0),
}


@pytest.mark.parametrize("draw", TWICE.values(), ids=TWICE)
def test_a_function_warns_at_the_callers_line_and_draws(draw):
    query, key = (nn.Parameter(torch.zeros(4, 4)) for _ in range(2))
    draw(query)
    with pytest.warns(RepeatedStreamWarning, match="same numbers") as caught:
        draw(key)
    assert caught[0].filename == __file__
    assert torch.equal(query, key)


@pytest.mark.parametrize("draw", TWICE.values(), ids=TWICE)
def test_an_error_leaves_the_second_weight_alone(draw):
    query, key = (nn.Parameter(torch.zeros(4, 4)) for _ in range(2))
    draw(query)
    with pytest.raises(RepeatedStreamWarning):
        draw(key)
    assert (key == 0).all()


@pytest.mark.parametrize("draw", NOT_TWICE.values(), ids=NOT_TWICE)
def test_what_repeats_no_stream_does_not_warn(draw):
    weights = [nn.Parameter(torch.zeros(4, 4)) for _ in range(3)]
    for weight in weights:
        draw(weight)


def test_halves_of_one_weight_by_the_same_seed_are_told_of():
    packed = nn.Parameter(torch.zeros(8, 4))
    with torch.no_grad():
        first, second = packed.chunk(2)
        init.xavier_uniform_(first, seed=0)
        with pytest.warns(RepeatedStreamWarning):
            init.xavier_uniform_(second, seed=0)


def test_a_weight_that_is_drawn_again_does_not_warn():
    layer = nn.Linear(4, 4)
    for _ in range(3):
        init.kaiming_normal_(layer.weight, seed=0)
        init.kaiming_normal_(layer.weight.data, seed=0)
