"""Tensors drawn, hashed and stored by blocks."""

import contextlib
import hashlib
import threading
import zlib

import numpy as np
import pytest
from common.dense_starts import dense, start_of_shapes, whole

from fanwise.adapters.starts import pipeline
from fanwise.adapters.starts.pipeline import Pipeline, TensorJob
from fanwise.adapters.starts.start_tensors import StartTensor
from fanwise.adapters.starts.weight_blocks import WholeBlocks


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch):
    monkeypatch.setattr(pipeline, "BLOCK", 4096)


def run(jobs, **how):
    digests, counted = {}, []
    Pipeline(lambda tensor, digest: digests.update({tensor.name: digest}), counted.append).run(
        jobs, **how
    )
    return digests, sum(counted)


@pytest.mark.parametrize("lanes", [1, 2, 16])
def test_digests_are_those_of_the_whole_bytes(lanes):
    start = start_of_shapes(dense(5, 70))
    digests, counted = run([TensorJob(tensor) for tensor in start.tensors], lanes=lanes)
    assert counted == start.nbytes
    for tensor in start.tensors:
        data = whole(tensor).tobytes()
        assert digests[tensor.name].sha256 == hashlib.sha256(data).hexdigest()
        assert digests[tensor.name].crc32 is None


def test_every_byte_is_stored_where_it_belongs():
    start = start_of_shapes({"a.weight": [130, 70]})
    (tensor,) = start.tensors
    held = np.zeros(tensor.nbytes, np.uint8)

    def store(offset, block):
        held[offset : offset + len(block)] = block

    digests, _ = run([TensorJob(tensor, store, crc=zlib.crc32(b"before"))])
    assert held.tobytes() == whole(tensor).tobytes()
    assert digests["a.weight"].crc32 == zlib.crc32(b"before" + held.tobytes())


def test_a_failure_is_raised_and_no_thread_goes_on():
    start = start_of_shapes(dense(8, 70))
    before = threading.active_count()

    def fail(offset, _block):
        if offset:
            message = "the disk is full"
            raise OSError(message)

    with pytest.raises(OSError, match="the disk is full"):
        run([TensorJob(tensor, fail) for tensor in start.tensors])
    assert threading.active_count() == before


def test_what_is_not_finished_has_no_digest():
    start = start_of_shapes({"a.weight": [130, 70], "b.weight": [8, 8]})
    digests = {}

    def fail(_offset, _block):
        raise OSError

    jobs = [TensorJob(start.tensor("a.weight"), fail), TensorJob(start.tensor("b.weight"))]
    with pytest.raises(OSError):  # noqa: PT011 (there is no message)
        Pipeline(lambda t, d: digests.update({t.name: d}), lambda _: None).run(jobs, lanes=1)
    assert "a.weight" not in digests


@pytest.mark.parametrize(("most", "together"), [(1, 1), (1 << 30, 2)])
def test_weights_made_as_a_whole_share_a_budget_of_memory(monkeypatch, most, together):
    monkeypatch.setattr(pipeline, "_MOST_MADE", most)
    monkeypatch.setattr(pipeline, "cores_available", lambda: 2)
    counting, held, peaks = threading.Lock(), [], []
    met = threading.Barrier(2)

    class Counted(WholeBlocks):
        def release(self):
            super().release()
            with counting:
                held.remove(self)

    def made(number):
        def make():
            with counting:
                held.append(sources[number])
                peaks.append(len(held))
            # Another one comes while this one waits, if it may; each is one block of its own.
            with contextlib.suppress(threading.BrokenBarrierError):
                met.wait(60 if together == 2 else 0.3)
            return np.full(1000, number, np.float32)

        return make

    sources = [Counted(made(number)) for number in range(2)]
    tensors = [StartTensor.of(f"{n}", (1000,), "float32", s) for n, s in enumerate(sources)]
    digests, _ = run([TensorJob(tensor) for tensor in tensors])
    assert max(peaks) == together
    assert len({digest.sha256 for digest in digests.values()}) == 2
