"""Weights that are drawn in half precision are found."""

import pytest
from common.lint_sources import codes_of, lint_text

HALF = {
    "a parameter": "w = nn.Parameter(torch.randn(3, 4, dtype=torch.bfloat16))",
    "a parameter of an object": """
        class M(nn.Module):
            def __init__(self, n):
                self.w = nn.Parameter(torch.rand(n, n, dtype=torch.float16) * 0.02)
        """,
    "registered": """
        class M(nn.Module):
            def __init__(self, n):
                self.register_parameter("w", nn.Parameter(torch.randn(n, dtype=torch.half)))
        """,
    "by a name": "w = torch.randn(3, dtype=torch.bfloat16)\np = nn.Parameter(w)",
    "in place": "w = torch.empty(3, dtype=torch.bfloat16).uniform_(0, 16)",
    "in place, by a name": "w = torch.empty(3, dtype=torch.bfloat16)\nw.normal_(0, 0.02)",
    "by a function": "w = torch.empty(3, 4, dtype=torch.bfloat16)\nnn.init.normal_(w, std=0.02)",
    "kaiming": (
        "class M(nn.Module):\n"
        "    def __init__(self):\n"
        "        self.w = nn.Parameter(torch.empty(3, 4, dtype=torch.float16))\n"
        "        nn.init.kaiming_uniform_(self.w)\n"
    ),
    "JAX's": (
        "import jax, jax.numpy as jnp\n"
        "def init_weights(key):\n"
        "    return jax.random.normal(key, (3, 4), jnp.bfloat16)\n"
    ),
    "JAX's by keyword": (
        "import jax, jax.numpy as jnp\n"
        "def init_params(key):\n"
        "    return jax.random.uniform(key, (3, 4), dtype=jnp.float16)\n"
    ),
}
FULL = {
    "cast after": "w = nn.Parameter(torch.randn(3, 4).to(torch.bfloat16))",
    "float32": "w = nn.Parameter(torch.randn(3, 4, dtype=torch.float32))",
    "an input": "x = torch.randn(3, 4, dtype=torch.bfloat16)\nmodel(x)",
    "constants": "w = nn.Parameter(torch.zeros(3, dtype=torch.bfloat16))",
    "a constant in place": (
        "w = torch.empty(3, dtype=torch.bfloat16)\nnn.init.zeros_(w)\nnn.Parameter(w)"
    ),
}


@pytest.mark.parametrize("text", HALF.values(), ids=HALF)
def test_a_weight_drawn_in_half_precision_is_found(text):
    assert codes_of(text) == ["FW103"]


@pytest.mark.parametrize("text", FULL.values(), ids=FULL)
def test_what_is_drawn_in_full_precision_or_is_no_weight_is_left_alone(text):
    assert codes_of(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "A = torch.log(torch.empty(3, dtype=torch.bfloat16).uniform_(0, 16))",
        "A = torch.empty(3, dtype=torch.bfloat16).uniform_(0, 16)\nA_log = torch.log(A)",
        "A = torch.empty(3, dtype=torch.bfloat16).uniform_(0, 16)\nA_log = A.log()",
        "A = torch.empty(3, dtype=torch.bfloat16).uniform_(0, 16).log_()",
    ],
)
def test_a_logarithm_of_such_a_draw_is_told(text):
    (finding,) = lint_text(text)
    assert finding.code == "FW103"
    assert "log of it is infinite where a draw is zero" in finding.message
