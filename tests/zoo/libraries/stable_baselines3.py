"""Policies of Stable-Baselines3, with their critics and target networks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np
from gymnasium import spaces
from stable_baselines3.a2c import policies as a2c
from stable_baselines3.dqn import policies as dqn
from stable_baselines3.sac import policies as sac
from stable_baselines3.td3 import policies as td3
from torch import nn

from zoo.seeded import torch_model

_VECTOR: Final = spaces.Box(-1, 1, (24,))
_IMAGE: Final = spaces.Box(0, 255, (3, 36, 36), np.uint8)
_CHOICES: Final = spaces.Discrete(4)
_ACTIONS: Final = spaces.Box(-1, 1, (4,))
_BOTH: Final = spaces.Dict({"image": _IMAGE, "vector": _VECTOR})


def _rate(_: float) -> float:
    return 1e-3


def _policy(cls: Callable[..., nn.Module], space: Any, actions: Any, options: Any) -> nn.Module:
    return cls(space, actions, _rate, **options)


_POLICIES: Final = (
    ("ActorCriticPolicy", a2c.MlpPolicy, _VECTOR, _CHOICES, {}),
    ("ActorCriticPolicy, continuous", a2c.MlpPolicy, _VECTOR, _ACTIONS, {}),
    ("ActorCriticPolicy, gSDE", a2c.MlpPolicy, _VECTOR, _ACTIONS, {"use_sde": True}),
    ("ActorCriticPolicy, plain", a2c.MlpPolicy, _VECTOR, _CHOICES, {"ortho_init": False}),
    ("ActorCriticCnnPolicy", a2c.CnnPolicy, _IMAGE, _CHOICES, {}),
    ("MultiInputActorCriticPolicy", a2c.MultiInputPolicy, _BOTH, _CHOICES, {}),
    ("DQNPolicy", dqn.MlpPolicy, _VECTOR, _CHOICES, {}),
    ("DQN CnnPolicy", dqn.CnnPolicy, _IMAGE, _CHOICES, {}),
    ("SACPolicy", sac.MlpPolicy, _VECTOR, _ACTIONS, {}),
    ("SACPolicy, gSDE", sac.MlpPolicy, _VECTOR, _ACTIONS, {"use_sde": True}),
    ("TD3Policy", td3.MlpPolicy, _VECTOR, _ACTIONS, {}),
)

MODELS: Final = tuple(torch_model(name, partial(_policy, *parts)) for name, *parts in _POLICIES)
