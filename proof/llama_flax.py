"""The same small Llama in Flax."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx
from sizes import EPSILON, HEAD, HIDDEN, LAYERS, TOKENS, WIDTH, turns


def linear(inputs: int, outputs: int, how: Any) -> nnx.Linear:
    return nnx.Linear(inputs, outputs, use_bias=False, **how)


def norm(how: Any) -> nnx.RMSNorm:
    return nnx.RMSNorm(WIDTH, epsilon=EPSILON, **how)


def turned(x: jax.Array) -> jax.Array:
    """Turn queries or keys, (batch, length, heads, head), by their positions."""
    cosines, sines = (jnp.asarray(t, x.dtype)[:, None, :] for t in turns())
    first, second = jnp.split(x, 2, -1)
    return jnp.concatenate((first * cosines - second * sines, second * cosines + first * sines), -1)


class Attention(nnx.Module):
    def __init__(self, how: Any) -> None:
        self.query, self.key = linear(WIDTH, WIDTH, how), linear(WIDTH, WIDTH, how)
        self.value, self.out = linear(WIDTH, WIDTH, how), linear(WIDTH, WIDTH, how)

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
    def __init__(self, how: Any) -> None:
        self.gate, self.up = linear(WIDTH, HIDDEN, how), linear(WIDTH, HIDDEN, how)
        self.down = linear(HIDDEN, WIDTH, how)

    def __call__(self, x: jax.Array) -> jax.Array:
        return self.down(jax.nn.silu(self.gate(x)) * self.up(x))


class Block(nnx.Module):
    def __init__(self, how: Any) -> None:
        self.attention_norm, self.mlp_norm = norm(how), norm(how)
        self.attention, self.mlp = Attention(how), Perceptron(how)

    def __call__(self, x: jax.Array) -> jax.Array:
        x = x + self.attention(self.attention_norm(x))
        return x + self.mlp(self.mlp_norm(x))


class Llama(nnx.Module):
    def __init__(self, rngs: nnx.Rngs, dtype: Any) -> None:
        how = {"rngs": rngs, "dtype": dtype, "param_dtype": dtype}
        self.tokens = nnx.Embed(TOKENS, WIDTH, **how)
        self.blocks = nnx.List([Block(how) for _ in range(LAYERS)])
        self.norm, self.head = norm(how), linear(WIDTH, TOKENS, how)

    def __call__(self, tokens: jax.Array) -> jax.Array:
        x = self.tokens(tokens)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))
