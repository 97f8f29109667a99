"""Keras as the conformance suite sees it."""
