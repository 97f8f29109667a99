"""The device that ``tests/gpu`` and ``benchmarks/gpu.py`` draw on.

A CUDA device; or with ``FANWISE_REHEARSAL=1`` the CPU, on which Triton's interpreter runs the
kernels, so that every line has run before there is a card.
"""

import contextlib
import os

import pytest
import torch

REHEARSED = os.environ.get("FANWISE_REHEARSAL") == "1"
NAME = "cpu" if REHEARSED else "cuda"
if REHEARSED:  # at once: before anything else loads the kernels
    from common import interpreted_triton


@contextlib.contextmanager
def kernels():
    """Draw by the kernels, which on the CPU must be told to be there."""
    if not REHEARSED:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        interpreted_triton.take_kernels(patch)
        yield


def synchronize():
    """Wait for the device."""
    if not REHEARSED:
        torch.cuda.synchronize()


def some(items):
    """Return all of them; two for a rehearsal, in which an interpreter draws."""
    return list(items)[1:3] if REHEARSED else list(items)


@contextlib.contextmanager
def no_waiting():
    """Raise where the host would wait for the device."""
    if REHEARSED:
        yield
        return
    torch.cuda.set_sync_debug_mode("error")
    try:
        yield
    finally:
        torch.cuda.set_sync_debug_mode("default")


def captured(function):
    """Record what a function does in a CUDA graph, and return what replays it."""
    if REHEARSED:
        return function
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        function()
    return graph.replay


def memory_beside(function):
    """Return the bytes that a function takes beside what there is."""
    if REHEARSED:
        function()
        return 0
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    function()
    return torch.cuda.max_memory_allocated() - before


def card():
    """Return the name of the card."""
    return "rehearsal" if REHEARSED else torch.cuda.get_device_name()
