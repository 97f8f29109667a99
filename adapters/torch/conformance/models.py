"""The models of the conformance suite, in torch: inputs and outputs have the channels last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional


class Mlp(nn.Module):
    """Two dense layers."""

    def __init__(self) -> None:
        super().__init__()
        self.up = nn.Linear(6, 16)
        self.down = nn.Linear(16, 4)

    def forward(self, x: Tensor) -> Any:
        """Map (batch, 6) to (batch, 4)."""
        return self.down(functional.relu(self.up(x)))


class ResNet(nn.Module):
    """A stem and a residual block, with batch normalization as at inference."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(8, eps=1e-5)
        self.conv1 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(8, eps=1e-5)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(8, eps=1e-5)
        self.head = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Any:
        """Map (batch, 8, 8, 3) to (batch, 4)."""
        x = functional.relu(self.norm(self.stem(_first(x))))
        inner = functional.relu(self.norm1(self.conv1(x)))
        x = functional.relu(x + self.norm2(self.conv2(inner)))
        return self.head(x.mean((2, 3)))


class ConvNet(nn.Module):
    """Plain, depthwise, grouped and transposed convolutions."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 6, 3, padding=1)
        self.depth = nn.Conv2d(6, 6, 3, padding=1, groups=6)
        self.grouped = nn.Conv2d(6, 8, 3, padding=1, groups=2)
        self.up = nn.ConvTranspose2d(8, 5, 2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        """Map (batch, 8, 8, 3) to (batch, 16, 16, 5)."""
        x = functional.relu(self.first(_first(x)))
        x = functional.relu(self.grouped(functional.relu(self.depth(x))))
        return _last(self.up(x))


class Encoder(nn.Module):
    """One block of a transformer's encoder."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.norm1 = nn.LayerNorm(8, eps=1e-5)
        self.up = nn.Linear(8, 16)
        self.down = nn.Linear(16, 8)
        self.norm2 = nn.LayerNorm(8, eps=1e-5)

    def forward(self, x: Tensor) -> Any:
        """Map (batch, length, 8) to the same."""
        x = self.norm1(x + self.attention(x, x, x, need_weights=False)[0])
        inner = functional.gelu(self.up(x), approximate="tanh")
        return self.norm2(x + self.down(inner))


class Lstm(nn.Module):
    """An embedding, an LSTM over it, and a dense layer at every step."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(11, 6)
        self.lstm = nn.LSTM(6, 5, batch_first=True)
        self.head = nn.Linear(5, 3)

    def forward(self, tokens: Tensor) -> Any:
        """Map (batch, length) to (batch, length, 3)."""
        return self.head(self.lstm(self.embed(tokens))[0])


BUILDERS: Final[dict[str, Callable[[], nn.Module]]] = {
    "mlp": Mlp,
    "resnet": ResNet,
    "convnet": ConvNet,
    "encoder": Encoder,
    "lstm": Lstm,
}


def _first(x: Tensor) -> Tensor:
    return torch.movedim(x, -1, 1)


def _last(x: Tensor) -> Tensor:
    return torch.movedim(x, 1, -1)
