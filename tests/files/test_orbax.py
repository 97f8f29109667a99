"""Folders that Orbax writes: of either driver, of a run with steps, with the optimizer's state."""

import jax.numpy as jnp
import numpy as np
import orbax.checkpoint as ocp
import pytest
from common.tensor_files import assert_reads

from fanwise.adapters.files import open_tensors
from fanwise.spec.errors import FanwiseError

TREE = {
    "params": {
        "Dense_0": {
            "kernel": np.arange(12, dtype=np.float32).reshape(3, 4),
            "bias": jnp.ones(4, jnp.bfloat16),
        },
        "list": [jnp.arange(6.0).reshape(2, 3), jnp.array([True, False])],
        "a/b": {"c.d": jnp.ones(1, jnp.float16)},
    },
    "batch_stats": {"mean": jnp.zeros(3)},
}
PATHS = {
    "params/Dense_0/kernel": (np.float32, "float32"),
    "params/Dense_0/bias": (np.float32, "bfloat16"),
    "params/list/0": (np.float32, "float32"),
    "params/list/1": (np.bool_, "bool"),
    "params/a/b/c.d": (np.float16, "float16"),
    "batch_stats/mean": (np.float32, "float32"),
}


def leaf_of(path):
    words = {"params/a/b/c.d": ["params", "a/b", "c.d"]}.get(path, path.split("/"))
    leaf = TREE
    for word in words:
        leaf = leaf[int(word) if isinstance(leaf, list) else word]
    return leaf


def assert_holds_the_tree(path):
    with open_tensors(path) as file:
        assert (file.format, file.framework) == ("orbax", "flax")
        assert set(file.tensors) == set(PATHS)
        for name, (dtype, stored) in PATHS.items():
            assert file.tensors[name].dtype == stored
            assert_reads(file.tensors[name], np.asarray(leaf_of(name)).astype(dtype))


@pytest.mark.parametrize(
    "options", [{"use_zarr3": True}, {"use_zarr3": False}, {"use_ocdbt": False}]
)
def test_reads_a_tree_by_any_driver(tmp_path, options):
    with ocp.Checkpointer(ocp.PyTreeCheckpointHandler(**options)) as checkpointer:
        checkpointer.save(tmp_path / "a", args=ocp.args.PyTreeSave(TREE))
    assert_holds_the_tree(tmp_path / "a")


def test_finds_the_one_step_of_a_run(tmp_path):
    with ocp.CheckpointManager(tmp_path / "run") as manager:
        manager.save(7, args=ocp.args.StandardSave(TREE))
        manager.wait_until_finished()
        assert_holds_the_tree(tmp_path / "run")
        assert_holds_the_tree(tmp_path / "run" / "7")
        manager.save(8, args=ocp.args.StandardSave(TREE))
        manager.wait_until_finished()
        with pytest.raises(FanwiseError, match=r"'7/default', '8/default'"):
            open_tensors(tmp_path / "run")


def test_leaves_out_the_state_of_the_optimizer(tmp_path):
    tree = {**TREE, "opt_state": {"0": {"mu": jnp.ones(3)}}, "step": 3}
    with ocp.StandardCheckpointer() as checkpointer:
        checkpointer.save(tmp_path / "a", tree)
    assert_holds_the_tree(tmp_path / "a")


def test_reads_the_states_of_an_nnx_model(tmp_path):
    from flax import nnx

    model = nnx.Linear(3, 4, rngs=nnx.Rngs(0))
    with ocp.StandardCheckpointer() as checkpointer:
        checkpointer.save(tmp_path / "a", nnx.state(model))
    with open_tensors(tmp_path / "a") as file:
        assert set(file.tensors) == {"kernel/value", "bias/value"}
        assert_reads(file.tensors["kernel/value"], np.asarray(model.kernel[...]))


def test_says_what_to_install_where_tensorstore_is_missing(tmp_path, monkeypatch):
    with ocp.StandardCheckpointer() as checkpointer:
        checkpointer.save(tmp_path / "a", TREE)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(FanwiseError, match=r'tensorstore.*pip install "fanwise\[files\]"'):
        open_tensors(tmp_path / "a")


def test_names_an_array_in_chunks_too_large_for_bounded_memory(tmp_path):
    tree = {"large": np.zeros((41 << 10, 1 << 10), np.float32), "small": np.ones(2)}
    with ocp.StandardCheckpointer() as checkpointer:
        checkpointer.save(tmp_path / "a", tree)
    with open_tensors(tmp_path / "a") as file:
        with pytest.raises(FanwiseError, match="'large', which lies in chunks"):
            file.tensors["large"].read((0,))
        assert file.tensors["small"].read(()).sum() == 2
