"""Plain tensors that are parts of a weight get what the whole weight has there."""

import pytest
import torch

import fanwise
import fanwise.torch as init


def part(shape, axis, stride=1):
    tensor = torch.full(shape, 9.0)
    tensor.tensor_model_parallel, tensor.partition_dim = True, axis
    tensor.partition_stride = stride
    return tensor


def cut(whole, axis, stride, rank, size):
    """What Megatron gives a rank of a master weight."""
    pieces = whole.chunk(size * stride, axis)
    return torch.cat(pieces[rank::size], axis)


@pytest.mark.parametrize("scheme", ["he_normal", "xavier_uniform", "orthogonal"])
@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("size", [1, 2, 4])
def test_every_rank_has_its_part(scheme, axis, stride, size):
    shape = (24, 48)
    alone = fanwise.sample(scheme, shape, seed=5, path="up/kernel", axes="torch")
    for rank in range(size):
        wanted = cut(torch.from_numpy(alone), axis, stride, rank, size)
        tensor = part(tuple(wanted.shape), axis, stride)
        method = init.init_method(scheme, seed=5, path="up/kernel", group=(rank, size))
        assert method(tensor) is tensor
        assert torch.equal(tensor, wanted)


def test_a_master_weight_is_whole():
    method = init.init_method("he_normal", seed=5, path="up/kernel")
    alone = fanwise.sample("he_normal", (24, 48), seed=5, path="up/kernel", axes="torch")
    assert torch.equal(method(torch.empty(24, 48)), torch.from_numpy(alone))


@pytest.mark.parametrize("size", [1, 2, 4])
def test_a_padded_vocabulary(size):
    scheme = fanwise.scheme("normal", std=0.02)
    alone = torch.from_numpy(
        fanwise.sample(scheme, (10, 6), seed=5, path="tokens/embedding", axes="torch")
    )
    padded = torch.cat([alone, torch.zeros(6, 6)])
    for rank in range(size):
        how = {"seed": 5, "path": "tokens/embedding", "group": (rank, size), "rows": 10}
        tensor = part((16 // size, 6), 0)
        init.init_method(scheme, **how)(tensor)
        assert torch.equal(tensor, padded.chunk(size)[rank])


def test_a_vector():
    scheme = fanwise.scheme("normal", std=0.02)
    alone = fanwise.sample(scheme, (8,), seed=5, path="up/bias", axes="torch")
    method = init.init_method(scheme, seed=5, path="up/bias", group=(1, 2))
    assert torch.equal(method(part((4,), 0)), torch.from_numpy(alone)[4:])


@pytest.mark.parametrize(
    ("tensor", "how", "words"),
    [
        (lambda: part((4, 4), 0), {}, "the group that shares the weight"),
        (lambda: part((4, 4), 0), {"group": (2, 2)}, "a rank and a larger size"),
        (lambda: part((4, 4), 0), {"group": "tp"}, "a process group"),
        (lambda: part((4, 4), 2), {"group": (0, 2)}, "partition_dim"),
        (lambda: part((4, 4), 0, 3), {"group": (0, 2)}, "partition_stride"),
        (lambda: part((4, 4), None), {"group": (0, 2)}, "a number as partition_dim"),
        (lambda: part((4, 4), 0, "2"), {"group": (0, 2)}, "a number as partition_stride"),
        (lambda: part((4, 4), 0), {"group": (0, 2), "rows": 9}, "no more rows"),
        (lambda: torch.full((4, 4), 9), {}, "float"),
    ],
)
def test_what_cannot_be_written_is_untouched(tensor, how, words):
    tensor = tensor()
    method = init.init_method("he_normal", seed=5, path="up/kernel", **how)
    with pytest.raises(fanwise.FanwiseError, match=words):
        method(tensor)
    assert (tensor == 9).all()


@pytest.mark.parametrize(
    "how", [{"seed": -1, "path": "a"}, {"seed": 0, "path": 3}, {"seed": 0, "path": "a", "rows": 0}]
)
def test_bad_input_is_told_when_it_is_made(how):
    with pytest.raises(fanwise.FanwiseError):
        init.init_method("he_normal", **how)
