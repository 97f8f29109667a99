"""The models of the conformance suite, in Flax linen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import jax
from flax import linen


class Mlp(linen.Module):
    """Two dense layers."""

    @linen.compact  # type: ignore[untyped-decorator]
    def __call__(self, x: Any) -> Any:
        """(batch, 6) to (batch, 4)."""
        x = jax.nn.relu(linen.Dense(16, name="up")(x))
        return linen.Dense(4, name="down")(x)


class ResNet(linen.Module):
    """A stem and a residual block, with batch normalization as at inference."""

    @linen.compact  # type: ignore[untyped-decorator]
    def __call__(self, x: Any) -> Any:
        """(batch, 8, 8, 3) to (batch, 4)."""

        def conv(name: str) -> Any:
            return linen.Conv(8, (3, 3), use_bias=False, name=name)

        def norm(name: str) -> Any:
            return linen.BatchNorm(use_running_average=True, epsilon=1e-5, name=name)

        x = jax.nn.relu(norm("norm")(conv("stem")(x)))
        inner = jax.nn.relu(norm("norm1")(conv("conv1")(x)))
        x = jax.nn.relu(x + norm("norm2")(conv("conv2")(inner)))
        return linen.Dense(4, name="head")(x.mean((1, 2)))


class ConvNet(linen.Module):
    """Plain, depthwise, grouped and transposed convolutions."""

    @linen.compact  # type: ignore[untyped-decorator]
    def __call__(self, x: Any) -> Any:
        """(batch, 8, 8, 3) to (batch, 16, 16, 5)."""
        x = jax.nn.relu(linen.Conv(6, (3, 3), name="first")(x))
        x = jax.nn.relu(linen.Conv(6, (3, 3), feature_group_count=6, name="depth")(x))
        x = jax.nn.relu(linen.Conv(8, (3, 3), feature_group_count=2, name="grouped")(x))
        up = linen.ConvTranspose(5, (2, 2), (2, 2), "VALID", transpose_kernel=True, name="up")
        return up(x)


class Encoder(linen.Module):
    """One block of a transformer's encoder."""

    @linen.compact  # type: ignore[untyped-decorator]
    def __call__(self, x: Any) -> Any:
        """(batch, length, 8) to the same."""
        attended = linen.MultiHeadDotProductAttention(2, name="attention")(x, x)
        x = linen.LayerNorm(epsilon=1e-5, name="norm1")(x + attended)
        inner = jax.nn.gelu(linen.Dense(16, name="up")(x), approximate=True)
        return linen.LayerNorm(epsilon=1e-5, name="norm2")(x + linen.Dense(8, name="down")(inner))


class Lstm(linen.Module):
    """An embedding, an LSTM over it, and a dense layer at every step."""

    @linen.compact  # type: ignore[untyped-decorator]
    def __call__(self, tokens: Any) -> Any:
        """(batch, length) to (batch, length, 3)."""
        x = linen.Embed(11, 6, name="embed")(tokens)
        x = linen.RNN(linen.LSTMCell(5), name="lstm")(x)
        return linen.Dense(3, name="head")(x)


BUILDERS: Final[dict[str, Callable[[], linen.Module]]] = {
    "mlp": Mlp,
    "resnet": ResNet,
    "convnet": ConvNet,
    "encoder": Encoder,
    "lstm": Lstm,
}
