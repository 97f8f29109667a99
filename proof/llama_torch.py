"""The small Llama in torch. Each part works on the heads, or the columns, that it is given."""

from __future__ import annotations

import torch
from sizes import EPSILON, HEAD, HIDDEN, LAYERS, TOKENS, WIDTH, turns
from torch import Tensor, nn
from torch.nn import functional


def linear(inputs: int, outputs: int) -> nn.Linear:
    return nn.Linear(inputs, outputs, bias=False)


def turned(x: Tensor) -> Tensor:
    """Turn queries or keys, (batch, length, heads, head), by their positions."""
    cosines, sines = (torch.from_numpy(t).to(x)[:, None, :] for t in turns())
    first, second = x.chunk(2, -1)
    return torch.cat((first * cosines - second * sines, second * cosines + first * sines), -1)


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.query, self.key = linear(WIDTH, WIDTH), linear(WIDTH, WIDTH)
        self.value, self.out = linear(WIDTH, WIDTH), linear(WIDTH, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = (
            layer(x).unflatten(-1, (-1, HEAD)) for layer in (self.query, self.key, self.value)
        )
        scores = torch.einsum("bqhd,bkhd->bhqk", turned(query), turned(key)) * HEAD**-0.5
        later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        weights = scores.masked_fill(later, -torch.inf).softmax(-1)
        return self.out(torch.einsum("bhqk,bkhd->bqhd", weights, value).flatten(2))


class Perceptron(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.gate, self.up = linear(WIDTH, HIDDEN), linear(WIDTH, HIDDEN)
        self.down = linear(HIDDEN, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(functional.silu(self.gate(x)) * self.up(x))


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attention_norm, self.mlp_norm = (nn.RMSNorm(WIDTH, eps=EPSILON) for _ in range(2))
        self.attention, self.mlp = Attention(), Perceptron()

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.attention_norm(x))
        return x + self.mlp(self.mlp_norm(x))


class Llama(nn.Module):
    """The model, or a stage of it: some of the blocks, with what comes before or after them."""

    def __init__(self, layers: int = LAYERS, *, first: bool = True, last: bool = True) -> None:
        super().__init__()
        self.tokens = nn.Embedding(TOKENS, WIDTH) if first else None
        self.blocks = nn.ModuleList(Block() for _ in range(layers))
        self.norm = nn.RMSNorm(WIDTH, eps=EPSILON) if last else None
        self.head = linear(WIDTH, TOKENS) if last else None

    def forward(self, x: Tensor) -> Tensor:
        x = x if self.tokens is None else self.tokens(x)
        for block in self.blocks:
            x = block(x)
        return x if self.norm is None or self.head is None else self.head(self.norm(x))
