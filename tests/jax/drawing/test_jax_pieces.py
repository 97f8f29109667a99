"""Arrays that hold pieces of weights, computed as they lie."""

import jax
import numpy as np
import pytest

import fanwise
from fanwise.adapters.jax.drawing.pieces import PackedBlock, boxed, draw_pieces
from fanwise.spec.errors import FanwiseError
from fanwise.spec.registry import as_scheme
from fanwise.spec.resolved import resolve

DTYPES = ("float16", "bfloat16", "float32", "float64")


def piece(scheme, path, shape, at, part, array, axes="kernel"):
    resolved = resolve(as_scheme(scheme), shape, axes)
    return PackedBlock(resolved, path, boxed(array, at), boxed(shape, part))


def drawn(pieces, shape, dtype="float32", old=None):
    def draw(old):
        requests = {(held.resolved, held.path, dtype): 1 for held in pieces}
        return draw_pieces(
            pieces, shape=shape, dtype=dtype, seed=3, old=old, place=None, requests=requests
        )

    dtype = np.dtype(jax.numpy.dtype(dtype))
    return np.asarray(jax.jit(draw)(old))


def whole(scheme, path, shape, axes="kernel", dtype="float32", index=None):
    return fanwise.sample(scheme, shape, seed=3, path=path, axes=axes, dtype=dtype, index=index)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("schemes", [["he_normal"] * 3, ["lecun_uniform", "ones", "orthogonal"]])
def test_weights_side_by_side(schemes, dtype):
    array, shape = (8, 30), (8, 10)
    with jax.enable_x64(dtype == "float64"):
        pieces = [
            piece(
                name,
                f"{number}",
                shape,
                (slice(None), slice(10 * number, 10 * number + 10)),
                (),
                array,
            )
            for number, name in enumerate(schemes)
        ]
        found = drawn(pieces, array, dtype)
    wanted = [whole(name, f"{n}", shape, dtype=dtype) for n, name in enumerate(schemes)]
    assert found.tobytes() == np.concatenate(wanted, axis=1).tobytes()


@pytest.mark.parametrize("scheme", ["truncated_normal", "orthogonal"])
def test_one_weight_in_another_order(scheme):
    array, shape, axes = (6, 20), (4, 6, 5), "batch in out"
    order = [(0, 0), (1, 2), (2, 1), (3, 3)]
    pieces = [
        piece(scheme, "k", shape, (slice(None), slice(5 * at, 5 * at + 5)), (batch,), array, axes)
        for at, batch in order
    ]
    weight = whole(scheme, "k", shape, axes)
    wanted = np.concatenate([weight[batch] for _, batch in order], axis=1)
    assert drawn(pieces, array).tobytes() == wanted.tobytes()


@pytest.mark.parametrize("scheme", ["normal", "orthogonal"])
def test_what_no_piece_covers_stays(scheme):
    old = np.arange(48, dtype=np.float32).reshape(6, 8)
    held = piece(scheme, "k", (3, 4), (slice(2, 5), slice(0, 4)), (), old.shape)
    wanted = old.copy()
    wanted[2:5, :4] = whole(scheme, "k", (3, 4))
    assert drawn([held], old.shape, old=old).tobytes() == wanted.tobytes()


@pytest.mark.parametrize(
    ("array", "shape"),
    [((4, 6), (24,)), ((24,), (4, 6)), ((2, 12, 5), (8, 3, 5)), ((6, 1, 4), (6, 4)), ((), (1, 1))],
)
def test_axes_cut_anew(array, shape):
    held = piece("uniform", "k", shape, (), (), array)
    assert drawn([held], array).tobytes() == whole("uniform", "k", shape).tobytes()


def test_a_block_of_a_weight_too_large_to_be_made():
    shape, rows = (1 << 20, 1 << 14), (1 << 19) + 7
    held = piece("normal", "k", shape, (), (slice(rows, rows + 4), slice(0, 8)), (4, 8))
    index = (slice(rows, rows + 4), slice(0, 8))
    assert drawn([held], (4, 8)).tobytes() == whole("normal", "k", shape, index=index).tobytes()


def test_too_many_elements_in_another_order():
    held = piece("normal", "k", (1 << 17, 1 << 17), (), (), (1 << 16, 1 << 18))
    with pytest.raises(FanwiseError, match="2\\*\\*32"):
        jax.eval_shape(
            lambda: draw_pieces(
                [held],
                shape=(1 << 16, 1 << 18),
                dtype=np.dtype("f4"),
                seed=3,
                old=None,
                place=None,
                requests={},
            )
        )
