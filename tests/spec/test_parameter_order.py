"""Parameters that bound each other."""

import pytest

from fanwise.spec.errors import FanwiseError
from fanwise.spec.parameters import check_order
from fanwise.spec.registry import scheme


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("rwkv7_norm", {"layer": 12, "layers": 12}),
        ("mamba_dt_bias", {"dt_min": 0.2}),
        ("lru_ring", {"radius_min": 0.9, "radius_max": 0.5}),
        ("rotary_llama3", {"low_freq_factor": 4.0}),
        ("rotary_yarn", {"factor": 2.0, "context": 64, "beta_slow": 33.0}),
    ],
)
def test_what_is_out_of_order_is_refused_when_the_scheme_is_made(name, params) -> None:
    with pytest.raises(FanwiseError, match=r"Expected \w+ <=? \w+"):
        scheme(name, **params)


def test_equal_bounds_are_right_where_they_mean_something() -> None:
    scheme("mamba_dt_bias", dt_min=0.1)
    scheme("rwkv7_norm", layer=11, layers=12)
    check_order({"layer": 3})
    check_order({"layer": None, "layers": 2})
