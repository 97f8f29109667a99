"""What the tests of joint schemes share: the recipes, and what the weights come to together."""

import numpy as np

HEADS, WIDTH = 4, 32
ATTENTION = {
    "fanwise": 1,
    "rule": [
        {"match": "**/query/kernel", "init": {"scheme": "mimetic_query", "heads": HEADS}},
        {"match": "**/key/kernel", "init": {"scheme": "mimetic_key", "heads": HEADS}},
        {"match": "**/value/kernel", "init": "mimetic_value"},
        {"match": "**/out/kernel", "init": "mimetic_out"},
        {"role": "bias", "init": "zeros"},
    ],
}


def lora(first: str, second: str, **rule: object) -> dict:
    """The recipe of a model whose pairs of low rank have these names."""
    return {
        "fanwise": 1,
        "rule": [
            {"match": f"**/{first}/**", "init": "lora_orthogonal_a", **rule},
            {"match": f"**/{second}/**", "init": "lora_orthogonal_b", **rule},
            {"match": "**", "frozen": True, "init": "keep", "name": "frozen"},
            {"match": "**", "init": "keep", "name": "rest"},
        ],
        "allow": {"unused": ["frozen", "rest"]},
    }


def check_pair(first: np.ndarray, second: np.ndarray) -> None:
    """Neither is zero, and their product is, but for the rounding of float32."""
    first, second = np.asarray(first, np.float64), np.asarray(second, np.float64)
    assert min(first.std(), second.std()) > 0.03
    assert np.abs(first @ second).max() < 1e-7


def check_attention(query: np.ndarray, key: np.ndarray, value: np.ndarray, out: np.ndarray) -> None:
    """The products are near multiples of the identity; kernels as in by out, heads side by side."""
    arrays = [np.asarray(w, np.float64).reshape(WIDTH, WIDTH) for w in (query, key, value, out)]
    product = arrays[2] @ arrays[3]
    # The trace of -0.4 I + 0.4 Z: Z's has a standard deviation of 1.
    assert abs(np.trace(product) + 0.4 * WIDTH) < 0.4 * 6
    assert abs(product - np.diag(np.diag(product))).max() < 0.4 * 6 / np.sqrt(WIDTH)
    first, second = (w.reshape(WIDTH, HEADS, -1) for w in arrays[:2])
    for head in range(HEADS):
        own = first[:, head] @ second[:, head].T
        other = first[:, head] @ second[:, head - 1].T
        assert np.trace(own) / WIDTH > 0.25
        assert abs(np.trace(other)) / WIDTH < 0.2
