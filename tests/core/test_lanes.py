"""The words of every part of a weight, in the order of its memory."""

import itertools
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import stream

from fanwise.core import blocks, lanes
from fanwise.core.blocks import Block

KEY = (5, 6)
#: The first element whose block's number has an upper half.
BORDER = 4 * 2**32

shapes = st.lists(st.integers(0, 9), max_size=3).map(tuple)


@st.composite
def parts(draw: st.DrawFn) -> Block:
    """Parts of a weight that lies in memory in any order of its axes."""
    shape = draw(shapes)
    sizes = [size * draw(st.integers(1, 3)) for size in shape]
    strides = [int(np.prod(sizes[axis + 1 :])) for axis in range(len(shape))]
    order = draw(st.permutations(range(len(shape))))
    backwards = tuple(slice(None, None, draw(st.sampled_from([1, -1]))) for _ in shape)
    out = np.zeros([shape[axis] for axis in order], np.uint32)[(*backwards, ...)]
    base = draw(st.sampled_from([0, BORDER - 30, 2**62])) + draw(st.integers(0, 40))
    return Block(out, base, tuple(strides[axis] for axis in order))


def draw_words(block: Block) -> None:
    for piece in lanes.pieces(block):
        piece.out[...] = lanes.piece_words(KEY, piece)


def assert_words(block: Block) -> None:
    for at in itertools.product(*map(range, block.out.shape)):
        element = block.base + sum(i * step for i, step in zip(at, block.strides, strict=True))
        assert block.out[at] == stream.word(KEY, element), at


@given(block=parts(), piece=st.integers(4, 200), parting=st.sampled_from([0, 50, 1 << 15]))
def test_every_element_gets_its_word(block: Block, piece: int, parting: int) -> None:
    with (
        mock.patch.object(blocks, "PIECE", piece),
        mock.patch.object(lanes, "_WORTH_PARTING", parting),
    ):
        draw_words(block)
    assert_words(block)


def test_rows_that_share_blocks_are_drawn_in_parts_of_one_lane() -> None:
    out = np.zeros((1001, 300), np.uint32)
    found = list(lanes.pieces(Block(out, 3, (1, 1001))))
    assert all(1 in piece.strides and 4004 in piece.strides for piece in found)
    assert sum(piece.out.size for piece in found) == out.size


#: A weight of 256 × 64 as it is, and as the layers of torch store it.
AS_IT_IS = Block(np.zeros((256, 64), np.uint32), BORDER - 256 * 32, (64, 1))
TURNED = Block(np.zeros((64, 256), np.uint32), BORDER - 256 * 32, (1, 64))


@pytest.mark.parametrize("block", [AS_IT_IS, TURNED], ids=["as it is", "turned"])
def test_the_upper_half_of_the_number_changes_within_a_piece(block: Block) -> None:
    (piece,) = lanes.pieces(block)
    assert piece.base < BORDER < piece.base + piece.out.size
    draw_words(block)
    assert_words(block)


@pytest.mark.parametrize("block", [AS_IT_IS, TURNED], ids=["as it is", "turned"])
def test_pieces_lie_together_in_memory(monkeypatch, block: Block) -> None:
    monkeypatch.setattr(blocks, "PIECE", 1 << 13)
    cut = list(lanes.pieces(Block(block.out, 0, block.strides)))
    assert [piece.out.size for piece in cut] == [1 << 13] * 2
    assert all(piece.out.flags.c_contiguous for piece in cut)


def test_a_wrong_lane_would_be_seen(monkeypatch) -> None:
    right = lanes.piece_words
    monkeypatch.setattr(lanes, "piece_words", lambda key, piece: np.roll(right(key, piece), 1))
    draw_words(TURNED)
    with pytest.raises(AssertionError):
        assert_words(TURNED)
