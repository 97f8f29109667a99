"""Real processes of an adapter of our own: right, wrong, greedy, and one that dies."""

import pytest

from fanwise.conformance.cuts import memory
from fanwise.conformance.cuts.jobs import jobs_of, run_job, ways_of
from fanwise.conformance.processes import AdapterRequest

ADAPTER = """
import os
import numpy as np
import fanwise
from fanwise.adapters.cut_protocol import Cut, CutWay
from fanwise.conformance.cuts.expected import SEED

class Mine:
    name = "mine"
    cuts = tuple(CutWay(way, (2,), models=("wide",)) for way in ("right", "wrong", "greedy"))
    cuts += (CutWay("dying", (3,), models=("wide",)),)

    def take_seat(self, seat):
        self.seat = seat

    def cut(self, draw):
        held = []
        seed = SEED + (draw.way == "wrong" and self.seat.rank == 1)

        def start():
            if draw.way == "dying" and self.seat.rank == 2:
                os._exit(7)
            held.append(np.ones(36 << 18, "f4"))
            if draw.way == "greedy" and self.seat.rank == 1:
                np.ones(100 << 18, "f4")
            return held[0].nbytes

        def gather():
            kernel = fanwise.sample("he_normal", (3072, 12288), seed=seed, path="up/kernel")
            return {"up/kernel": kernel}

        return Cut(start, gather)
"""


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    file = tmp_path_factory.mktemp("cuts") / "mine.py"
    file.write_text(ADAPTER)
    request = AdapterRequest(f"{file}:Mine")
    name, ways = ways_of(request)
    jobs = jobs_of(request, ways, (2, 3), ("wide",))
    return {row.way: row for job in jobs for row in run_job(job, name, lambda line: None)}


def test_right_weights_hold(rows):
    assert rows["right"].passed, rows["right"]


def test_another_seed_on_one_process_is_seen(rows):
    assert rows["wrong"].wrong == ("wide: up/kernel",)


@pytest.mark.skipif(not memory.is_measurable(), reason="peaks are counted on Linux")
def test_memory_beside_the_part_is_seen(rows):
    found = rows["greedy"]
    assert found.is_equal
    assert 99 << 20 < found.beside < 110 << 20
    assert rows["right"].beside < 10 << 20


def test_a_process_that_dies_is_told(rows):
    assert "process 2 ended with 7" in rows["dying"].error
