"""Tensors of a start: any run of their elements is that of the whole."""

import numpy as np
import pytest
from common.dense_starts import start_of_shapes, whole

import fanwise
from fanwise.adapters.starts.start_tensors import StartPart, StartTensor, whole_of
from fanwise.adapters.starts.weight_blocks import CopiedBlocks, DrawnBlocks, WholeBlocks
from fanwise.spec.errors import FanwiseError
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import resolve


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("name", ["he_normal", "orthogonal", "ones"])
def test_any_run_is_that_of_the_whole(name, dtype):
    rules = {"fanwise": 1, "rule": [{"role": "kernel", "init": name}]}
    (tensor,) = start_of_shapes({"a.weight": ([37, 23], dtype)}, rules=rules).tensors
    expected = fanwise.sample(name, (37, 23), seed=0, path="a/kernel", axes="torch", dtype=dtype)
    expected = expected.view(tensor.storage).ravel()
    for first, size in ((0, 851), (5, 100), (22, 3), (850, 1), (23, 46)):
        out = np.empty(size, tensor.storage)
        tensor.fill(first, out)
        np.testing.assert_array_equal(out, expected[first : first + size])


def test_a_block_is_that_of_the_whole():
    (tensor,) = start_of_shapes({"a.weight": [37, 23]}).tensors
    block = tensor.block((slice(3, 9), slice(20, 23)))
    np.testing.assert_array_equal(block, whole(tensor)[3:9, 20:23])


def test_a_weight_may_lie_in_a_part_of_a_tensor_that_is_copied():
    drawn = DrawnBlocks(resolve(scheme("ones"), (2, 3)), 0, "kernel", "float32")
    held = np.arange(24, dtype=np.float32).reshape(4, 2, 3)
    under, at = whole_of(held.shape), (slice(1, 2), slice(0, 2), slice(0, 3))
    parts = (
        StartPart(under, (0, 1, 2), CopiedBlocks(held.__getitem__, "float32"), under, (0, 1, 2)),
        StartPart(at, (1, 2), drawn, whole_of((2, 3)), (0, 1)),
    )
    tensor = StartTensor("w", held.shape, "float32", parts)
    held = held.copy()
    held[1] = 1
    np.testing.assert_array_equal(whole(tensor), held)
    out = np.empty(9, np.float32)
    tensor.fill(4, out)
    np.testing.assert_array_equal(out, held.ravel()[4:13])


def test_what_is_made_whole_is_made_once_and_let_go():
    made = []

    def make():
        made.append(1)
        return np.arange(6.0).reshape(2, 3)

    tensor = StartTensor.of("w", (2, 3), "float64", WholeBlocks(make))
    assert whole(tensor).tolist() == whole(tensor).tolist() == [[0, 1, 2], [3, 4, 5]]
    assert len(made) == 1
    tensor.release()
    whole(tensor)
    assert len(made) == 2


def test_a_row_of_padding_is_zero():
    drawn = DrawnBlocks(resolve(scheme("normal"), (5, 3)), 0, "k", "float32", zero_row=(0, 2))
    tensor = StartTensor.of("w", (5, 3), "float32", drawn)
    assert (whole(tensor) == 0).all(1).tolist() == [False, False, True, False, False]


def test_shapes_alone_are_not_copied():
    rules = {"fanwise": 1, "rule": [{"role": "kernel", "init": "keep"}]}
    with pytest.raises(FanwiseError, match=r"none of a\.weight, but"):
        start_of_shapes({"a.weight": [4, 4]}, rules=rules)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"form": "canonic"}, "Did you mean 'canonical'"),
        ({"dtype": "int8"}, "a dtype of float16"),
        ({"seed": -1}, "seed"),
    ],
)
def test_a_wrong_request_is_told(how, message):
    with pytest.raises(FanwiseError, match=message):
        start_of_shapes({"a.weight": [4, 4]}, **how)


def test_a_dtype_is_that_of_all_floats():
    start = start_of_shapes({"a.weight": [4, 4], "a.bias": ([4], "float16")}, dtype="bfloat16")
    assert [tensor.dtype for tensor in start.tensors] == ["bfloat16"] * 2
