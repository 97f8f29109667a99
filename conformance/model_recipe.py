"""The recipe by which the suite starts whole models, in one process or cut over many."""

from __future__ import annotations

from typing import Final

#: Every weight is random, so that none can be in the place of another.
RECIPE: Final = """
fanwise = 1

[[rule]]
role = "kernel"
init = "he_normal"

[[rule]]
name = "recurrent"
role = "recurrent_kernel"
init = "orthogonal"

[[rule]]
name = "embedding"
role = "embedding"
init = "normal"

[[rule]]
name = "bias"
role = "bias"
init = { scheme = "normal", std = 0.1 }

[[rule]]
name = "forget"
role = "forget_bias"
init = { scheme = "normal", mean = 1, std = 0.1 }

[[rule]]
name = "scale"
role = "scale"
init = { scheme = "normal", mean = 1, std = 0.1 }

[[rule]]
name = "offset"
role = "offset"
init = { scheme = "normal", std = 0.1 }

[[rule]]
name = "mean"
role = "mean"
init = { scheme = "normal", std = 0.1 }

[[rule]]
name = "variance"
role = "variance"
init = { scheme = "uniform", low = 0.5, high = 1.5 }

[allow]
unused = ["recurrent", "embedding", "bias", "forget", "scale", "offset", "mean", "variance"]
"""
