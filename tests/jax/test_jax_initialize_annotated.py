"""Models whose variables say how they lie on a mesh, in a process with devices of its own."""

import json
import os
import subprocess
import sys
from functools import cache

import pytest

COMMON = """
import sys
sys.modules["jax.experimental.shard_alike"] = None  # JAX 0.11 has none
import jax, numpy as np, jax.numpy as jnp
from flax import linen, nnx
from jax.sharding import AxisType, NamedSharding, PartitionSpec as P
import fanwise
from fanwise.jax import initialize, set_initializer

RULES = {"fanwise": 1, "rule": [{"match": "**", "init": "normal"}]}
WANT = fanwise.sample("normal", (8, 4), seed=0, path="kernel")
KINDS = (AxisType.Auto, AxisType.Explicit)

def mesh_of(kind):
    return jax.make_mesh((2, 2), ("x", "y"), axis_types=(kind,) * 2)

def annotated(**metadata):
    init = nnx.with_partitioning(nnx.initializers.lecun_normal(), ("x", "y"), **metadata)
    return nnx.Linear(8, 4, rngs=nnx.Rngs(0), kernel_init=init)

def plain():
    return nnx.Linear(8, 4, rngs=nnx.Rngs(0))

def check(value, mesh, spec):
    where = NamedSharding(mesh, spec)
    assert value.sharding.is_equivalent_to(where, value.ndim), (value.sharding, where)
    assert (np.asarray(value) == WANT).all()

def refused(call, words):
    try:
        call()
    except fanwise.FanwiseError as error:
        assert words in str(error), error
    else:
        raise AssertionError(words)
"""
PROGRAMS = {
    "made while compiled": """
for kind in KINDS:
    mesh = mesh_of(kind)
    with jax.set_mesh(mesh):
        @nnx.jit
        def make():
            model = annotated()
            initialize(model, RULES, seed=0)
            return model

        @nnx.jit
        def make_layer():
            return set_initializer(annotated(), "normal", "normal", seed=0)

        assert nnx.jit(annotated)().kernel[...].sharding.spec == P("x", "y")
        check(make().kernel[...], mesh, P("x", "y"))
        check(make_layer().kernel[...], mesh, P("x", "y"))
""",
    "given to what is compiled": """
for kind in KINDS:
    mesh = mesh_of(kind)
    with jax.set_mesh(mesh):
        model = annotated()
        nnx.jit(lambda model: initialize(model, RULES, seed=0) and None)(model)
        check(model.kernel[...], mesh, P("x", "y"))

mesh = mesh_of(AxisType.Auto)
rows = NamedSharding(mesh, P("x"))
model = plain()
model.kernel.set_value(jax.device_put(model.kernel[...], rows))
nnx.jit(lambda model: initialize(model, RULES, seed=0) and None)(model)
check(model.kernel[...], mesh, P("x"))
tree = {"kernel": jax.device_put(jnp.zeros((8, 4)), rows)}
made = jax.jit(lambda tree: initialize(tree, RULES, seed=0)[0])(tree)
check(made["kernel"], mesh, P("x"))
mesh = mesh_of(AxisType.Explicit)
with jax.set_mesh(mesh):
    tree = {"kernel": jax.device_put(jnp.zeros((8, 4)), P("x"))}
    made = jax.jit(lambda tree: initialize(tree, RULES, seed=0)[0])(tree)
    check(made["kernel"], mesh, P("x"))
    made = jax.jit(
        lambda: initialize({"kernel": jnp.zeros((8, 4))}, RULES, seed=0,
                           shardings=NamedSharding(mesh, P("y")))[0]
    )()
    check(made["kernel"], mesh, P("y"))
refused(
    lambda: jax.jit(lambda tree: initialize(tree, RULES, seed=0)[0])(tree), "jax.set_mesh"
)
""",
    "abstract": """
for kind in KINDS:
    mesh = mesh_of(kind)
    with jax.set_mesh(mesh):
        for model in (nnx.eval_shape(annotated), nnx.as_abstract(nnx.eval_shape(annotated))):
            initialize(model, RULES, seed=0)
            check(model.kernel[...], mesh, P("x", "y"))
            check(set_initializer(nnx.eval_shape(annotated), "normal", "zeros", seed=0).kernel[...],
                  mesh, P("x", "y"))
        @nnx.jit
        def made_of_shapes():
            model = nnx.eval_shape(annotated)
            initialize(model, RULES, seed=0)
            return model
        check(made_of_shapes().kernel[...], mesh, P("x", "y"))
        model = nnx.eval_shape(plain)
        initialize(model, RULES, seed=0)
        check(model.kernel[...], mesh, P())
        abstract = jax.eval_shape(lambda: {"kernel": jnp.zeros((8, 4))})
        made, _ = initialize(abstract, RULES, seed=0)
        assert (np.asarray(made["kernel"]) == WANT).all()
        abstract, unmeshed = nnx.eval_shape(annotated), nnx.eval_shape(plain)
    refused(lambda: initialize(abstract, RULES, seed=0), "jax.set_mesh")
    assert isinstance(abstract.kernel.get_value(), jax.ShapeDtypeStruct)
    initialize(unmeshed, RULES, seed=0)
    assert (np.asarray(unmeshed.kernel[...]) == WANT).all()
    model = nnx.merge(*nnx.get_abstract_model(annotated, mesh))
    initialize(model, RULES, seed=0)
    check(model.kernel[...], mesh, P("x", "y"))
    with jax.set_mesh(jax.make_mesh((4,), ("z",), axis_types=(kind,))):
        refused(lambda: initialize(abstract, RULES, seed=0), "axes of the variable")
""",
    "by the names of rules, and by a mesh of its own": """
mesh = mesh_of(AxisType.Auto)
init = nnx.with_partitioning(nnx.initializers.lecun_normal(), ("embed", None))

def logical():
    return nnx.Linear(8, 4, rngs=nnx.Rngs(0), kernel_init=init)

with jax.set_mesh(mesh), nnx.logical_axis_rules((("embed", "y"),)):
    @nnx.jit
    def make():
        model = logical()
        initialize(model, RULES, seed=0)
        return model
    check(make().kernel[...], mesh, P("y"))
    model = nnx.eval_shape(logical)
    initialize(model, RULES, seed=0)
    check(model.kernel[...], mesh, P("y"))
model = nnx.eval_shape(lambda: annotated(mesh=mesh))
initialize(model, RULES, seed=0)
check(model.kernel[...], mesh, P("x", "y"))
with nnx.use_eager_sharding(False):
    model = nnx.eval_shape(annotated)
initialize(model, RULES, seed=0)
assert (np.asarray(model.kernel[...]) == WANT).all()
""",
    "packed": """
for kind in KINDS:
    mesh = mesh_of(kind)
    def make():
        init = nnx.with_partitioning(nnx.initializers.orthogonal(), ("x", "y"))
        model = nnx.OptimizedLSTMCell(8, 4, rngs=nnx.Rngs(0), recurrent_kernel_init=init)
        initialize(model, RULES, seed=0)
        return model
    with jax.set_mesh(mesh):
        compiled, eager = nnx.jit(make)(), make()
    for model in (compiled, eager):
        assert model.dense_h.kernel[...].sharding.spec == P("x", "y")
    assert (np.asarray(compiled.dense_h.kernel[...]) == np.asarray(eager.dense_h.kernel[...])).all()
""",
    "boxed": """
mesh = mesh_of(AxisType.Auto)
init = linen.with_partitioning(linen.initializers.lecun_normal(), ("x", "y"))
module = linen.Dense(4, kernel_init=init)
start = lambda: initialize(module, RULES, seed=0, inputs=(jnp.zeros((1, 8)),))[0]
with jax.set_mesh(mesh):
    places = linen.get_sharding(jax.eval_shape(start), mesh)
    made = jax.jit(start, out_shardings=places)()
    check(made["params"]["kernel"].value, mesh, P("x", "y"))
    made, _ = initialize(
        module, RULES, seed=0, inputs=(jnp.zeros((1, 8)),), shardings=places
    )
    check(made["params"]["kernel"].value, mesh, P("x", "y"))
with jax.set_mesh(mesh_of(AxisType.Explicit)):
    refused(start, "a module that runs on these inputs")
""",
}


@cache
def run_all():
    """Run the programs in one process; return what each raised, or nothing."""
    source = f"""{COMMON}
import json, traceback
raised = {{}}
for name, program in {PROGRAMS!r}.items():
    try:
        exec(program, dict(globals()))
    except Exception:
        raised[name] = traceback.format_exc()
    else:
        raised[name] = ""
print(json.dumps(raised))
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", source],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "XLA_FLAGS": "--xla_force_host_platform_device_count=4",
            "JAX_PLATFORMS": "cpu",
        },
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", PROGRAMS)
def test_on_a_mesh(name):
    assert run_all()[name] == ""
