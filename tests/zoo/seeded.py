"""Models of the zoo by what makes them: a function of a library, and its arguments."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn

from zoo.zoo_model import ZooModel


def seeded(name: str, make: Callable[..., Any], *args: Any, **kwargs: Any) -> ZooModel:
    """Describe a torch model that a function makes from the seeds of torch, NumPy and Python.

    Args:
        name: of the model.
        make: returns it, or a tuple that begins with it.
        args, kwargs: of the function.
    """

    def build(seed: int) -> nn.Module:
        torch.manual_seed(seed)
        np.random.seed(seed)
        random.seed(seed)
        made = make(*args, **kwargs)
        model: nn.Module = made[0] if isinstance(made, tuple) else made
        return model

    return ZooModel(name, build)
