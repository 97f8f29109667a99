"""Truncated normals that cut nothing, or are drawn in half precision, are found."""

import pytest
from common.lint_sources import codes_of, lint_text

UNCUT = {
    "defaults": "nn.init.trunc_normal_(w, std=0.02)",
    "positions": "nn.init.trunc_normal_(w, 0.0, 0.02, -2.0, 2.0)",
    "keywords": "init.trunc_normal_(tensor=w, mean=0.0, std=.02, a=-2, b=2)",
    "whole path": "torch.nn.init.trunc_normal_(w, std=2e-2)",
    "imported": "from torch.nn.init import trunc_normal_\ntrunc_normal_(w, std=.02)",
    "another name": "from torch.nn.init import trunc_normal_ as tn\ntn(w, std=.02)",
    "timm's": "from timm.layers import trunc_normal_\ntrunc_normal_(w, std=.02)",
    "timm's of old": (
        "from timm.models.layers.weight_init import trunc_normal_\ntrunc_normal_(w, std=.02)"
    ),
    "a relative import": "from .layers import trunc_normal_\ntrunc_normal_(w, std=.02)",
    "transformers'": (
        "from ... import initialization as init2\ninit2.trunc_normal_(w, mean=0.0, std=0.02)"
    ),
    "bound to a name": "f = nn.init.trunc_normal_\nf(w, std=0.02)",
    "by getattr": "getattr(nn.init, 'trunc_normal_')(w, std=0.02)",
    "partial": "from functools import partial\nINIT = partial(nn.init.trunc_normal_, std=0.02)",
    "partial of functools": "import functools\nfunctools.partial(nn.init.trunc_normal_, std=.02)",
    "a constant of the module": "STD = 0.02\nnn.init.trunc_normal_(w, std=STD)",
    "a constant of a constant": "BASE = 0.04\nSTD = BASE / 2\nnn.init.trunc_normal_(w, std=STD)",
    "an annotated constant": "STD: float = 0.02\nnn.init.trunc_normal_(w, std=STD)",
    "a local": "def f(w):\n    std = 0.02\n    nn.init.trunc_normal_(w, std=std)",
    "a default": "def f(w, std=0.02):\n    nn.init.trunc_normal_(w, std=std)",
    "a default by keyword": "def f(w, *, std=0.02):\n    nn.init.trunc_normal_(w, std=std)",
    "an attribute": """
        class M(nn.Module):
            def __init__(self, init_std=0.02):
                self.init_std = init_std
            def _init_weights(self, m):
                nn.init.trunc_normal_(m.weight, std=self.init_std)
        """,
    "an attribute of the class": """
        class M(nn.Module):
            std = 0.02
            def _init_weights(self, m):
                nn.init.trunc_normal_(m.weight, std=self.std)
        """,
    "an attribute of a base": """
        class Base(nn.Module):
            std = 0.02
        class M(Base):
            def _init_weights(self, m):
                nn.init.trunc_normal_(m.weight, std=self.std)
        """,
    "a setting of a class here": """
        class Config:
            initializer_range: float = 0.02
        class M(nn.Module):
            def _init_weights(self, m):
                nn.init.trunc_normal_(m.weight, std=self.config.initializer_range)
        """,
    "the default of getattr": "nn.init.trunc_normal_(w, std=getattr(config, 'std', 0.02))",
    "depth": "nn.init.trunc_normal_(w, std=0.02 / math.sqrt(2 * n_layers))",
    "depth by power": "nn.init.trunc_normal_(w, std=0.02 / (2 * num_layers) ** 0.5)",
    "depth by index": "nn.init.trunc_normal_(w, std=0.02 / math.sqrt(2 * (layer_id + 1)))",
    "arithmetic": "nn.init.trunc_normal_(w, std=math.sqrt(1 / 2500))",
    "either": "nn.init.trunc_normal_(w, std=0.02 if small else 0.01)",
    "multiples that are too many": (
        "def f(w, s):\n    nn.init.trunc_normal_(w, std=s, a=-10 * s, b=10 * s)"
    ),
    "wide bounds": "nn.init.trunc_normal_(w, a=-100.0, b=100.0)",
    "a mean": "nn.init.trunc_normal_(w, mean=0.5, std=0.1, a=-2, b=2)",
    "a copy of timm's": """
        def _no_grad_trunc_normal_(tensor, mean, std, a, b):
            l = norm_cdf((a - mean) / std)
            return tensor
        def trunc_normal_(tensor, mean=0., std=1., a=-2., b=2.):
            return _no_grad_trunc_normal_(tensor, mean, std, a, b)
        class M(nn.Module):
            def _init_weights(self, m):
                trunc_normal_(m.weight, std=.02)
        """,
    "another copy": """
        def truncated_(tensor, mean=0., std=1., a=-2., b=2.):
            l = (1. + math.erf(((a - mean) / std) / 2 ** .5)) / 2.
            return tensor
        truncated_(w, std=.02)
        """,
}
CUT = {
    "the defaults": "nn.init.trunc_normal_(w)",
    "multiples": "nn.init.trunc_normal_(w, std=0.02, a=-0.04, b=0.04)",
    "multiples of a name": "def f(w, s):\n nn.init.trunc_normal_(w, std=s, a=-3 * s, b=3 * s)",
    "multiples by a name": (
        "def f(w, s):\n cut = 3 * s\n nn.init.trunc_normal_(w, std=s, a=-cut, b=cut)"
    ),
    "an unknown std": "def f(w, s):\n    nn.init.trunc_normal_(w, std=s)",
    "an unknown setting": "nn.init.trunc_normal_(w, std=config.initializer_range)",
    "a fan": "nn.init.trunc_normal_(w, std=1 / math.sqrt(fan_in))",
    "unknown keywords": "nn.init.trunc_normal_(w, **kwargs)",
    "unknown arguments": "nn.init.trunc_normal_(*arguments)",
    "timm's in standard deviations": (
        "from timm.layers import trunc_normal_tf_\ntrunc_normal_tf_(w, std=.02)"
    ),
    "Fanwise's": "from fanwise.torch import trunc_normal_\ntrunc_normal_(w, std=.02)",
    "JAX's": "import jax\njax.nn.initializers.truncated_normal(stddev=.02)",
    "Keras's": "import keras\nkeras.initializers.TruncatedNormal(stddev=.02)",
    "one's own, in standard deviations": """
        def trunc_normal_(tensor, mean=0., std=1., a=-2., b=2.):
            tensor.uniform_(a, b).mul_(std).add_(mean)
        trunc_normal_(w, std=.02)
        """,
    "half of it": "nn.init.trunc_normal_(w, std=0.1, a=0.0, b=2.0)",
    "a name that changes": (
        "def f(w, n):\n    std = 0.02\n    std *= n\n    nn.init.trunc_normal_(w, std=std)"
    ),
    "one of many": "for std in (0.02, 1.0):\n    nn.init.trunc_normal_(w, std=std)",
}
HALF = {
    "to": "nn.init.trunc_normal_(self.w.to(torch.bfloat16), std=1.0)",
    "half": "nn.init.trunc_normal_(w.half())",
    "bfloat16": "nn.init.trunc_normal_(w.bfloat16())",
    "an empty tensor": "nn.init.trunc_normal_(torch.empty(3, 4, dtype=torch.bfloat16))",
    "a name": "w = torch.empty(3, 4, dtype=torch.float16)\nnn.init.trunc_normal_(w)",
    "torch.half": "w = torch.zeros(3, 4, dtype=torch.half)\nnn.init.trunc_normal_(w)",
    "a constant": "T = torch.bfloat16\nw = torch.empty(3, dtype=T)\nnn.init.trunc_normal_(w)",
    "an imported dtype": (
        "from torch import bfloat16\nw = torch.empty(3, dtype=bfloat16)\nnn.init.trunc_normal_(w)"
    ),
    "a default": (
        "def f(n, dtype=torch.bfloat16):\n    w = torch.empty(n, dtype=dtype)\n"
        "    return nn.init.trunc_normal_(w)"
    ),
    "a parameter": """
        class M(nn.Module):
            def __init__(self, n):
                self.w = nn.Parameter(torch.empty(n, n, dtype=torch.bfloat16))
                nn.init.trunc_normal_(self.w)
        """,
    "a layer": """
        class M(nn.Module):
            def __init__(self, n):
                self.proj = nn.Linear(n, n, dtype=torch.bfloat16)
                nn.init.trunc_normal_(self.proj.weight)
        """,
    "a layer by a name": "m = nn.Linear(3, 4, dtype=torch.half)\nnn.init.trunc_normal_(m.weight)",
    "a model that was cast": "model.to(torch.bfloat16)\nnn.init.trunc_normal_(model.head.weight)",
    "an object that was cast": """
        class M(nn.Module):
            def reset_parameters(self):
                self.half()
                nn.init.trunc_normal_(self.w)
        """,
    "its data": "w = torch.empty(3, dtype=torch.bfloat16)\nnn.init.trunc_normal_(w.data)",
    "on a device": "w = torch.empty(3, dtype=torch.half, device='cuda')\nnn.init.trunc_normal_(w)",
}
FULL = {
    "float32": "nn.init.trunc_normal_(torch.empty(3, 4, dtype=torch.float32))",
    "cast after": "w = torch.empty(3)\nnn.init.trunc_normal_(w)\nw = w.to(torch.bfloat16)",
    "cast by a statement after": "nn.init.trunc_normal_(model.w)\nmodel.to(torch.bfloat16)",
    "cast back": "w = torch.empty(3, dtype=torch.bfloat16).float()\nnn.init.trunc_normal_(w)",
    "a dtype that is given": (
        "def f(n, dtype):\n    w = torch.empty(n, dtype=dtype)\n    nn.init.trunc_normal_(w)"
    ),
    "another model": "teacher.half()\nnn.init.trunc_normal_(model.w)",
}


@pytest.mark.parametrize("text", UNCUT.values(), ids=UNCUT)
def test_bounds_beyond_five_deviations_are_found(text):
    assert codes_of(text) == ["FW101"]


@pytest.mark.parametrize("text", CUT.values(), ids=CUT)
def test_bounds_that_cut_or_are_unknown_are_left_alone(text):
    assert codes_of(text) == []


@pytest.mark.parametrize("text", HALF.values(), ids=HALF)
def test_a_truncated_normal_in_half_precision_is_found(text):
    assert "FW102" in codes_of(text)


@pytest.mark.parametrize("text", FULL.values(), ids=FULL)
def test_a_truncated_normal_in_full_precision_is_left_alone(text):
    assert codes_of(text) == []


@pytest.mark.parametrize(("std", "found"), [(0.4, []), (0.3999, ["FW101"])])
def test_five_deviations_are_the_limit(std, found):
    assert codes_of(f"nn.init.trunc_normal_(w, std={std})") == found


def test_the_message_says_how_far_the_bounds_are():
    (finding,) = lint_text("nn.init.trunc_normal_(w, std=0.02)")
    assert "with a std of 0.02 they lie 100 standard deviations" in finding.message
    assert "a=-2 * std" in finding.fix
