"""What a user of the base package writes: a line marked as an error is one, and no other is."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

import fanwise

weight: NDArray[Any] = fanwise.sample("he_normal", (512, 256), seed=0, path="dense/kernel")
half = fanwise.sample("my_own_name", [8, 4], seed=1, axes="torch", dtype=np.float16)
block = fanwise.sample("ones", (8, 4), seed=0, dtype="bfloat16", index=(slice(2),))
scheme: fanwise.Scheme = fanwise.scheme("kaiming_normal", nonlinearity="relu")
filled = fanwise.sample(scheme, (8, 4), seed=0, out=np.empty((8, 4), np.float32))
std: float = scheme.std((8, 4))
names: tuple[str, ...] = fanwise.schemes()
small = fanwise.register(fanwise.scheme("normal", std=0.02).named("small"))
recipe = fanwise.recipe("gpt2", layers=12)
mean: float = float(weight.mean())
verdict = fanwise.audit({"up.weight": weight}, recipe, seed=0, framework="torch", layers=12)
passed: bool = verdict.passed
faults: list[str] = [row.fault for row in verdict.failures]

fanwise.sample("he_normal", 3.5, seed=0)  # error: "float"
fanwise.sample("he_normal", (3, 4))  # error: "seed"
fanwise.sample("he_normal", (3, 4), seed="0")  # error: "seed"
fanwise.sample("he_normal", (3, 4), 0)  # error: positional argument
fanwise.sample("he_normal", (3, 4), seed=0, pth="a")  # error: "pth"
fanwise.sample("he_normal", (3, 4), seed=0, path=7)  # error: "path"
fanwise.sample(scheme=3, shape=(3, 4), seed=0)  # error: "scheme"
print(fanwise.sample("he_normal", (3, 4), seed=0).no_such_attribute)  # error: no_such_attribute
fanwise.samples("he_normal", (3, 4), seed=0)  # error: samples
fanwise.scheme(3)  # error: "scheme"
fanwise.recipe(3)  # error: "recipe"
scheme.std(7)  # error: "std"
fanwise.audit("start.safetensors", 3)  # error: "audit"
fanwise.audit("start.safetensors", seed="0")  # error: "audit"
print(verdict.rows[0].no_such_attribute)  # error: no_such_attribute
