"""Models that torch builds under a seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn

from zoo.zoo_model import ZooModel


def torch_model(
    name: str, make: Callable[..., nn.Module], *arguments: Any, **options: Any
) -> ZooModel:
    """Describe a model of torch, which is built under a seed.

    Args:
        name: as its library calls it.
        make: builds it.
        arguments, options: that it is called with.
    """

    def build(seed: int) -> nn.Module:
        random.seed(seed)
        # Some libraries draw with NumPy's own generator.
        np.random.seed(seed)  # noqa: NPY002
        torch.manual_seed(seed)
        return make(*arguments, **options)

    return ZooModel(name, build)
