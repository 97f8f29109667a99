"""Weights that are made together and too large for memory: through a file, to the same bytes."""

import errno
import os

import numpy as np
import pytest
from common.dense_starts import start_of_shapes

from fanwise.adapters.files import open_tensors
from fanwise.adapters.starts import spilled_blocks, weight_blocks
from fanwise.adapters.starts.spilled_blocks import SpilledBlocks
from fanwise.adapters.starts.writing import write_start
from fanwise.core import orthogonal_blocks
from fanwise.spec.errors import FanwiseError

#: Tall and wide.
SHAPES = {"a.weight": [300, 200], "b.weight": [130, 310]}
RULES = {"fanwise": 1, "rule": [{"role": "kernel", "init": "orthogonal"}]}


def weights(tmp_path, name, form):
    start = start_of_shapes(SHAPES, rules=RULES, form=form)
    written = write_start(start, tmp_path / f"{name}.npz")
    with open_tensors(written.to) as file:
        return {key: tensor.read(()) for key, tensor in file.tensors.items()}


@pytest.fixture
def spilling(monkeypatch):
    """Have all orthogonal weights go through files; gives those that did."""
    seen = []

    class Seen(SpilledBlocks):
        def _make(self):
            seen.append(self._shape)
            return super()._make()

    monkeypatch.setattr(weight_blocks, "SpilledBlocks", Seen)
    monkeypatch.setattr(weight_blocks, "_LARGE", 0)
    monkeypatch.setattr(orthogonal_blocks, "_LARGE", 0)
    monkeypatch.setattr(orthogonal_blocks, "_MATRIX", 0)
    monkeypatch.setattr(spilled_blocks, "_HELD", 4096)
    return seen


@pytest.mark.parametrize("form", ["names", "canonical"])
def test_what_went_through_a_file_is_the_same(tmp_path, request, form):
    expected = weights(tmp_path, "whole", form)
    seen = request.getfixturevalue("spilling")
    got = weights(tmp_path, "spilled", form)
    assert len(seen) == len(SHAPES)
    assert got.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_array_equal(got[name], values)


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="this system reserves no room")
def test_a_full_disk_is_told_before_anything_is_made(tmp_path, monkeypatch, spilling):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(FanwiseError, match="TMPDIR"):
        weights(tmp_path, "spilled", "names")
    assert spilling


def test_no_file_is_left(tmp_path, monkeypatch, spilling):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    weights(tmp_path, "spilled", "names")
    assert spilling
    assert not [*folder.iterdir()]


def test_a_released_array_is_made_again():
    made = []

    def draw(where, out):
        made.append(where)
        out[...] = len(made)

    blocks = SpilledBlocks((2, 3), np.dtype(np.float32), lambda: [(slice(0, 2), slice(0, 3))], draw)

    def read():
        out = np.zeros((1, 2), np.float32)
        blocks.write((slice(1, 2), slice(1, 3)), out)
        return out.ravel().tolist()

    assert [read(), read()] == [[1, 1], [1, 1]]
    blocks.release()
    assert read() == [2, 2]
