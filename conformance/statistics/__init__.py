"""Tests, sample sizes and distributions for claims with a stated false-alarm rate."""
