"""The same small Llama in Flax."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from sizes import EPSILON, HEAD, HIDDEN, LAYERS, TOKENS, WIDTH, turns


def linear(inputs: int, outputs: int, rngs: nnx.Rngs) -> nnx.Linear:
    return nnx.Linear(inputs, outputs, use_bias=False, rngs=rngs)


def norm(rngs: nnx.Rngs) -> nnx.RMSNorm:
    return nnx.RMSNorm(WIDTH, epsilon=EPSILON, rngs=rngs)


def turned(x: jax.Array) -> jax.Array:
    """Turn queries or keys, (batch, length, heads, head), by their positions."""
    cosines, sines = (jnp.asarray(np.float32(t))[:, None, :] for t in turns())
    first, second = jnp.split(x, 2, -1)
    return jnp.concatenate((first * cosines - second * sines, second * cosines + first * sines), -1)


class Attention(nnx.Module):
    def __init__(self, rngs: nnx.Rngs) -> None:
        self.query, self.key = linear(WIDTH, WIDTH, rngs), linear(WIDTH, WIDTH, rngs)
        self.value, self.out = linear(WIDTH, WIDTH, rngs), linear(WIDTH, WIDTH, rngs)

    def __call__(self, x: jax.Array) -> jax.Array:
        query, key, value = (
            layer(x).reshape(*x.shape[:-1], -1, HEAD)
            for layer in (self.query, self.key, self.value)
        )
        scores = jnp.einsum("bqhd,bkhd->bhqk", turned(query), turned(key)) * HEAD**-0.5
        later = jnp.triu(jnp.ones(scores.shape[-2:], bool), 1)
        weights = jax.nn.softmax(jnp.where(later, -jnp.inf, scores), -1)
        mixed = jnp.einsum("bhqk,bkhd->bqhd", weights, value)
        return self.out(mixed.reshape(*x.shape[:-1], -1))


class Perceptron(nnx.Module):
    def __init__(self, rngs: nnx.Rngs) -> None:
        self.gate, self.up = linear(WIDTH, HIDDEN, rngs), linear(WIDTH, HIDDEN, rngs)
        self.down = linear(HIDDEN, WIDTH, rngs)

    def __call__(self, x: jax.Array) -> jax.Array:
        return self.down(jax.nn.silu(self.gate(x)) * self.up(x))


class Block(nnx.Module):
    def __init__(self, rngs: nnx.Rngs) -> None:
        self.attention_norm, self.mlp_norm = norm(rngs), norm(rngs)
        self.attention, self.mlp = Attention(rngs), Perceptron(rngs)

    def __call__(self, x: jax.Array) -> jax.Array:
        x = x + self.attention(self.attention_norm(x))
        return x + self.mlp(self.mlp_norm(x))


class Llama(nnx.Module):
    def __init__(self, rngs: nnx.Rngs) -> None:
        self.tokens = nnx.Embed(TOKENS, WIDTH, rngs=rngs)
        self.blocks = nnx.List([Block(rngs) for _ in range(LAYERS)])
        self.norm, self.head = norm(rngs), linear(WIDTH, TOKENS, rngs)

    def __call__(self, tokens: jax.Array) -> jax.Array:
        x = self.tokens(tokens)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))
