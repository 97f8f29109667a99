"""The singular values of noise plus the identity, against a large matrix."""

import numpy as np
import pytest

from fanwise.spec.singular_values import mean_largest

WIDTH = 400


@pytest.mark.parametrize(
    ("noise", "identity", "share"),
    [
        (0.7, 0.7, 1.0),
        (0.7, 0.7, 0.25),
        (0.4, -0.4, 1.0),
        (1.0, 0.0, 0.5),
        (0.2, 1.0, 0.1),
        (2.0, 0.3, 0.75),
    ],
)
def test_large(noise: float, identity: float, share: float) -> None:
    drawn = np.random.default_rng(0).normal(size=(WIDTH, WIDTH)) / np.sqrt(WIDTH)
    values = np.linalg.svd(noise * drawn + identity * np.eye(WIDTH), compute_uv=False)
    expected = values[: round(share * WIDTH)].mean()
    assert mean_largest(noise, identity, share) == pytest.approx(expected, rel=5e-3)


def test_known() -> None:
    assert mean_largest(0.0, -2.0, 0.5) == 2.0
    # The quarter circle on [0, 2].
    assert mean_largest(1.0, 0.0, 1.0) == pytest.approx(8 / (3 * np.pi), rel=1e-4)
    assert mean_largest(3.0, 0.0, 1.0) == pytest.approx(8 / np.pi, rel=1e-4)
