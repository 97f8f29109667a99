"""Scales that enter through the slope of kaiming_*, and slopes without effect, are found."""

import pytest
from common.lint_sources import codes_of

SCALES = {
    "efficient-kan": "nn.init.kaiming_uniform_(self.w, a=math.sqrt(5) * self.scale_base)",
    "the other way round": "nn.init.kaiming_uniform_(w, a=gain * math.sqrt(5))",
    "a number": "nn.init.kaiming_uniform_(w, a=0.1 * math.sqrt(5))",
    "divided": "nn.init.kaiming_normal_(w, a=math.sqrt(5) / self.depth)",
    "a power": "nn.init.kaiming_uniform_(w, a=5 ** 0.5 * scale)",
    "by position": "nn.init.kaiming_uniform_(w, math.sqrt(5) * scale)",
    "a gain alone": "nn.init.kaiming_uniform_(w, a=gain)",
    "a gain of an object": "nn.init.kaiming_uniform_(w, a=self.init_scale)",
    "by a name": "def f(w, s):\n    a = math.sqrt(5) * s\n    nn.init.kaiming_uniform_(w, a=a)",
    "numpy's root": "import numpy as np\nnn.init.kaiming_uniform_(w, a=np.sqrt(5) * s)",
    "imported": (
        "from torch.nn.init import kaiming_uniform_\nkaiming_uniform_(w, a=math.sqrt(5) * s)"
    ),
    "partial": (
        "from functools import partial\npartial(nn.init.kaiming_uniform_, a=gain * math.sqrt(5))"
    ),
    "with mode": "nn.init.kaiming_uniform_(w, a=math.sqrt(5) * s, mode='fan_out')",
}
SLOPES = {
    "torch's own": "nn.init.kaiming_uniform_(w, a=math.sqrt(5))",
    "none": "nn.init.kaiming_uniform_(w)",
    "a number": "nn.init.kaiming_normal_(w, a=0.2)",
    "one": "nn.init.kaiming_uniform_(w, a=1)",
    "a slope": "nn.init.kaiming_normal_(w, a=negative_slope, mode='fan_in')",
    "a slope of an object": "nn.init.kaiming_normal_(w, a=self.act.negative_slope)",
    "a scaled slope": "nn.init.kaiming_normal_(w, a=2 * negative_slope)",
    "something of that name": "ours.kaiming_uniform(w, a=math.sqrt(5) * s)",
}
WITHOUT_EFFECT = {
    "relu": "nn.init.kaiming_uniform_(w, a=math.sqrt(5), nonlinearity='relu')",
    "linear": "nn.init.kaiming_normal_(w, a=0.1, nonlinearity='linear')",
    "by position": "nn.init.kaiming_normal_(w, 0.1, 'fan_in', 'relu')",
}
WITH_EFFECT = {
    "leaky_relu": "nn.init.kaiming_uniform_(w, a=0.1, nonlinearity='leaky_relu')",
    "zero": "nn.init.kaiming_normal_(w, a=0, mode='fan_out', nonlinearity='relu')",
    "unknown": "nn.init.kaiming_normal_(w, a=0.1, nonlinearity=kind)",
}


@pytest.mark.parametrize("text", SCALES.values(), ids=SCALES)
def test_a_scale_in_the_place_of_a_slope_is_found(text):
    assert codes_of(text) == ["FW201"]


@pytest.mark.parametrize("text", WITHOUT_EFFECT.values(), ids=WITHOUT_EFFECT)
def test_a_slope_that_is_ignored_is_found(text):
    assert codes_of(text) == ["FW202"]


@pytest.mark.parametrize(
    "text", [*SLOPES.values(), *WITH_EFFECT.values()], ids=[*SLOPES, *WITH_EFFECT]
)
def test_slopes_are_left_alone(text):
    assert codes_of(text) == []
