"""What the report of ``initialize`` costs, and that it can be done without."""

import math
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from common.jax_recipes import PLAIN, Mlp, Pair, X, bits
from flax import nnx
from jax.sharding import AxisType, NamedSharding
from jax.sharding import PartitionSpec as P

from fanwise.adapters.jax.layers import arrays
from fanwise.jax import initialize

#: Prints by how many bytes the memory of a process grows while it reads 2^26 elements.
MEASURED = """
import resource
import jax.numpy as jnp
from fanwise.adapters.jax.layers.arrays import std

def most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10

std(jnp.ones((1 << 11, 1 << 10), jnp.bfloat16))
array = jnp.ones((1 << 13, 1 << 13), jnp.bfloat16)
before = most()
std(array)
print(most() - before)
"""


def test_without_a_report_no_weight_is_read_again(monkeypatch):
    reported = Pair(nnx.Rngs(0))
    wanted = initialize(reported, PLAIN, seed=2)
    _, of_linen = initialize(Mlp(), PLAIN, seed=2, inputs=(X,))

    def read(_):
        raise AssertionError("a weight is read")

    monkeypatch.setattr(arrays, "moments", read)
    model = Pair(nnx.Rngs(0))
    found = initialize(model, PLAIN, seed=2, report=False)
    assert bits(model) == bits(reported)
    _, unread = initialize(Mlp(), PLAIN, seed=2, inputs=(X,), report=False)
    for summary, whole in ((found, wanted), (unread, of_linen)):
        assert [row.path for row in summary.rows] == [row.path for row in whole.rows]
        assert [row.expected for row in summary.rows] == [row.expected for row in whole.rows]
        assert all(math.isnan(row.observed) for row in summary.rows)
    with pytest.raises(AssertionError, match="is read"):
        initialize(Pair(nnx.Rngs(0)), PLAIN, seed=2)


def test_an_array_is_not_copied_to_be_read():
    assert int(subprocess.check_output([sys.executable, "-c", MEASURED])) < 64 << 20


@pytest.mark.parametrize("spec", [P(), P("x"), P(None, "x")])
def test_what_lies_on_several_devices_is_read_once(spec):
    mesh = jax.make_mesh((len(jax.devices()),), ("x",), axis_types=(AxisType.Auto,))
    values = jax.random.normal(jax.random.key(0), (64, 128)) + jnp.arange(128)
    placed = jax.device_put(values, NamedSharding(mesh, spec))
    wanted = np.asarray(values, np.float64).std()
    assert arrays.std(placed) == pytest.approx(wanted, rel=1e-6)


def test_what_is_far_is_read_where_it_is(monkeypatch):
    values = jax.random.normal(jax.random.key(0), (64, 128), jnp.bfloat16)
    wanted = arrays.std(values)
    monkeypatch.setattr(arrays, "_is_near", lambda _: False)
    assert arrays.std(values) == pytest.approx(wanted, rel=1e-6)
