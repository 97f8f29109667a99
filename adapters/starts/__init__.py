"""A start as tensors that can be drawn in any part, and from there into files.

A model of any size is written by blocks: a :class:`StartTensor` draws any run of its elements,
:mod:`pipeline` draws, hashes and stores them, and a writer of :mod:`fanwise.adapters.files.writing`
says where in which file they lie.
"""
