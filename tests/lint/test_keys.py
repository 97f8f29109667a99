"""Keys of JAX and initializers of Keras that several weights share are found."""

import pytest
from common.lint_sources import codes_of

JAX = """
import jax
import jax.numpy as jnp
from jax import random
import equinox as eqx
"""
KERAS = """
import keras
from keras import layers, initializers
from keras.initializers import GlorotUniform
"""
REUSED = {
    "two draws": """
        def init(key):
            w = jax.random.normal(key, (3, 4))
            b = jax.random.normal(key, (4,))
            return w, b
        """,
    "imported": """
        def init(key):
            w = random.normal(key, (3, 4))
            v = random.uniform(key, (3, 4))
            return w, v
        """,
    "of a seed": """
        key = jax.random.PRNGKey(0)
        a = jax.random.normal(key, (3,))
        b = jax.random.normal(key, (4,))
        """,
    "by keyword": """
        def init(key):
            return jax.random.normal(key=key, shape=(3,)), jax.random.normal(key=key, shape=(4,))
        """,
    "initializers": """
        def init(key):
            w = jax.nn.initializers.he_normal()(key, (3, 4))
            v = jax.nn.initializers.he_normal()(key, (4, 3))
            return w, v
        """,
    "one initializer": """
        def init(key):
            he = jax.nn.initializers.he_normal()
            return he(key, (3, 4)), he(key, (4, 3))
        """,
    "Equinox": """
        class M(eqx.Module):
            def __init__(self, key):
                self.a = eqx.nn.Linear(3, 4, key=key)
                self.b = eqx.nn.Linear(4, 3, key=key)
        """,
    "a loop": """
        def init(key, n):
            weights = []
            for _ in range(n):
                weights.append(jax.random.normal(key, (3, 4)))
            return weights
        """,
    "a comprehension": """
        def init(key, shapes):
            return [jax.random.normal(key, shape) for shape in shapes]
        """,
}
SPLIT = {
    "split": """
        def init(key):
            a, b = jax.random.split(key)
            return jax.random.normal(a, (3,)), jax.random.normal(b, (4,))
        """,
    "split in between": """
        def init(key):
            key, sub = jax.random.split(key)
            w = jax.random.normal(sub, (3,))
            key, sub = jax.random.split(key)
            v = jax.random.normal(sub, (3,))
            return w, v
        """,
    "one draw": "def init(key):\n    return jax.random.normal(key, (3,))",
    "either": """
        def init(key, kind):
            if kind == "normal":
                w = jax.random.normal(key, (3,))
            else:
                w = jax.random.uniform(key, (3,))
            return w
        """,
    "either, by return": """
        def init(key, kind):
            if kind == "normal":
                return jax.random.normal(key, (3,))
            return jax.random.uniform(key, (3,))
        """,
    "either, in an expression": """
        def init(key, kind):
            return jax.random.normal(key, (3,)) if kind else jax.random.uniform(key, (3,))
        """,
    "folded": """
        def init(key, n):
            return [jax.random.normal(jax.random.fold_in(key, i), (3,)) for i in range(n)]
        """,
    "keys of a loop": """
        def init(key, n):
            return [jax.random.normal(k, (3,)) for k in jax.random.split(key, n)]
        """,
    "split in the loop": """
        def init(key, n):
            for _ in range(n):
                key, sub = jax.random.split(key)
                jax.random.normal(sub, (3,))
        """,
    "a test": """
        def test_draws_repeat(key):
            assert (jax.random.normal(key, (3,)) == jax.random.normal(key, (3,))).all()
        """,
    "functions of their own": """
        def a(key):
            return jax.random.normal(key, (3,))
        def b(key):
            return jax.random.normal(key, (3,))
        """,
}
SHARED = {
    "an instance": """
        init = initializers.HeNormal()
        a = layers.Dense(8, kernel_initializer=init)
        b = layers.Dense(8, kernel_initializer=init)
        """,
    "a seeded instance": """
        init = GlorotUniform(seed=1)
        a = layers.Dense(8, kernel_initializer=init)
        b = layers.Conv2D(8, 3, kernel_initializer=init)
        """,
    "in a model": """
        class M(keras.Model):
            def __init__(self):
                init = keras.initializers.TruncatedNormal(stddev=0.02)
                self.a = layers.Dense(8, kernel_initializer=init)
                self.b = layers.Dense(8, kernel_initializer=init)
        """,
    "add_weight": """
        class L(layers.Layer):
            def build(self, shape):
                init = keras.initializers.RandomNormal()
                self.a = self.add_weight(shape=(3, 4), initializer=init)
                self.b = self.add_weight(shape=(3, 4), initializer=init)
        """,
    "a loop": """
        init = initializers.Orthogonal()
        for n in (8, 8, 8):
            stack.append(layers.Dense(n, kernel_initializer=init))
        """,
    "a comprehension": """
        init = initializers.Orthogonal()
        stack = [layers.Dense(8, kernel_initializer=init) for _ in range(3)]
        """,
    "one seed": """
        a = layers.Dense(8, kernel_initializer=GlorotUniform(seed=42))
        b = layers.Dense(8, kernel_initializer=GlorotUniform(seed=42))
        """,
    "TensorFlow's": """
        import tensorflow as tf
        init = tf.keras.initializers.GlorotNormal()
        a = tf.keras.layers.Dense(8, kernel_initializer=init)
        b = tf.keras.layers.Dense(8, kernel_initializer=init)
        """,
}
SEPARATE = {
    "constants": """
        init = initializers.Zeros()
        a = layers.Dense(8, bias_initializer=init)
        b = layers.Dense(8, bias_initializer=init)
        """,
    "strings": """
        init = "he_normal"
        a = layers.Dense(8, kernel_initializer=init)
        b = layers.Dense(8, kernel_initializer=init)
        """,
    "a use": """
        init = initializers.HeNormal()
        a = layers.Dense(8, kernel_initializer=init)
        """,
    "clones": """
        init = initializers.HeNormal()
        a = layers.Dense(8, kernel_initializer=init.clone())
        b = layers.Dense(8, kernel_initializer=init.clone())
        """,
    "instances": """
        a = layers.Dense(8, kernel_initializer=initializers.HeNormal())
        b = layers.Dense(8, kernel_initializer=initializers.HeNormal())
        """,
    "seeds": """
        a = layers.Dense(8, kernel_initializer=GlorotUniform(seed=1))
        b = layers.Dense(8, kernel_initializer=GlorotUniform(seed=2))
        """,
    "a generator of seeds": """
        init = initializers.HeNormal(seed=keras.random.SeedGenerator(1))
        a = layers.Dense(8, kernel_initializer=init)
        b = layers.Dense(8, kernel_initializer=init)
        """,
    "either": """
        init = initializers.HeNormal()
        if deep:
            a = layers.Dense(8, kernel_initializer=init)
        else:
            a = layers.Dense(16, kernel_initializer=init)
        """,
    "made in the loop": """
        for n in (8, 8, 8):
            init = initializers.Orthogonal()
            stack.append(layers.Dense(n, kernel_initializer=init))
        """,
}


@pytest.mark.parametrize("text", REUSED.values(), ids=REUSED)
def test_a_key_that_is_used_twice_is_found(text):
    assert codes_of(text, JAX) == ["FW303"]


@pytest.mark.parametrize("text", SPLIT.values(), ids=SPLIT)
def test_keys_that_are_split_are_left_alone(text):
    assert codes_of(text, JAX) == []


@pytest.mark.parametrize("text", SHARED.values(), ids=SHARED)
def test_an_initializer_that_several_weights_share_is_found(text):
    assert codes_of(text, KERAS) == ["FW304"]


@pytest.mark.parametrize("text", SEPARATE.values(), ids=SEPARATE)
def test_initializers_of_their_own_are_left_alone(text):
    assert codes_of(text, KERAS) == []
