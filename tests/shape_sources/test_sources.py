"""Shapes come from headers, indexes, configurations, JSON and pickled shapes alike."""

import json
import pickle
import re
import subprocess
import sys
from pathlib import Path

import jax
import numpy as np
import pytest
import transformers
from flax import core, linen
from safetensors.numpy import save_file

from fanwise.adapters.shape_sources.sources import opened_shapes
from fanwise.adapters.starts.plans import planned_start
from fanwise.spec.errors import FanwiseError
from fanwise.spec.recipe import recipe

_SHAPES = {"up.weight": (8, 4), "up.bias": (8,), "norm.weight": (8,)}
_RULES = """
fanwise = 1

[[rule]]
role = "kernel"
init = "he_normal"

[[rule]]
role = "bias"
init = "zeros"

[[rule]]
role = "scale"
init = "ones"
"""
_PATHS = {"up/kernel": (8, 4), "up/bias": (8,)}


def _shapes(path, **how):
    with opened_shapes(path, **how) as source:
        return {stored.weight.path: stored.weight.shape for stored in source.weights}


def _saved(path):
    save_file({name: np.ones(shape, np.float32) for name, shape in _SHAPES.items()}, path)
    return path


def _cut_off(path):
    """Leave the header of a file alone, and a byte of its tensors."""
    content = path.read_bytes()
    path.write_bytes(content[: 8 + int.from_bytes(content[:8], "little") + 1])
    return path


def _index(folder):
    """Write two files and an index of them."""
    places = {}
    for number, name in enumerate(_SHAPES):
        file = f"model-{number}.safetensors"
        save_file({name: np.ones(_SHAPES[name], np.float32)}, folder / file)
        places[name] = file
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {}, "weight_map": places}))
    return index


def test_a_checkpoint_has_shapes_and_values(tmp_path):
    with opened_shapes(_saved(tmp_path / "model.safetensors")) as source:
        assert source.framework == "torch"
        assert source.tensors["up.bias"].read(()).tolist() == [1.0] * 8


@pytest.mark.parametrize("form", ["file", "index", "folder"])
def test_headers_are_enough(tmp_path, form):
    if form == "file":
        path = _cut_off(_saved(tmp_path / "model.safetensors"))
    else:
        path = _index(tmp_path)
        for shard in tmp_path.glob("*.safetensors"):
            _cut_off(shard)
        path = tmp_path if form == "folder" else path
    assert _PATHS.items() <= _shapes(path).items()
    with opened_shapes(path) as source, pytest.raises(FanwiseError, match="its shape alone"):
        source.tensors["up.bias"].read(())


@pytest.mark.parametrize(
    "name", ["MODEL.SAFETENSORS", "SHAPES.JSON", "MODEL.SAFETENSORS.INDEX.JSON"]
)
def test_the_case_of_an_ending_says_nothing(tmp_path, name):
    path = tmp_path / name
    if "INDEX" in name:
        _index(tmp_path).rename(path)
    elif name.endswith("JSON"):
        path.write_text(json.dumps({name: list(shape) for name, shape in _SHAPES.items()}))
    else:
        _cut_off(_saved(path))
    assert _PATHS.items() <= _shapes(path).items()
    if name == "MODEL.SAFETENSORS":
        assert _PATHS.items() <= _shapes(tmp_path).items()


def test_a_header_that_is_cut_off_itself_is_refused(tmp_path):
    file = _saved(tmp_path / "model.safetensors")
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(FanwiseError, match="header"), opened_shapes(file):
        pass


def test_an_index_without_its_files_is_refused(tmp_path):
    index = _index(tmp_path)
    (tmp_path / "model-0.safetensors").unlink()
    with pytest.raises(FanwiseError, match="model-0"), opened_shapes(index):
        pass


@pytest.mark.parametrize(
    "data",
    [
        {name: list(shape) for name, shape in _SHAPES.items()},
        {name: {"shape": list(shape), "dtype": "float32"} for name, shape in _SHAPES.items()},
        {
            "__metadata__": {"format": "pt"},
            **{
                name: {"shape": list(shape), "dtype": "F32", "data_offsets": [0, 1]}
                for name, shape in _SHAPES.items()
            },
        },
    ],
)
def test_json_lists_shapes(tmp_path, data):
    file = tmp_path / "shapes.json"
    file.write_text(json.dumps(data))
    assert _PATHS.items() <= _shapes(file).items()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "names with shapes"),
        ({"up.weight": 8}, "a shape for 'up.weight'"),
        ({"up.weight": [8, -4]}, "counts"),
        ({"up.weight": {"shape": [8, 4], "dtype": "float31"}}, "a dtype of 'up.weight'"),
        ({"up.weight": {"shape": [1 << 62, 1 << 62]}}, "a file can hold|counts"),
    ],
)
def test_wrong_lists_are_refused(tmp_path, data, message):
    file = tmp_path / "shapes.json"
    file.write_text(json.dumps(data))
    with pytest.raises(FanwiseError, match=message), opened_shapes(file):
        pass


def test_a_name_that_is_there_twice_is_refused(tmp_path):
    file = tmp_path / "shapes.json"
    file.write_text('{"out.weight": [4, 2], "out.weight": [4, 3]}')
    with pytest.raises(FanwiseError, match=r"'out\.weight' is there twice"), opened_shapes(file):
        pass


def test_pickled_shapes_are_read_as_data(tmp_path):
    model = linen.Dense(4, param_dtype=jax.numpy.bfloat16)
    shapes = jax.eval_shape(model.init, jax.random.key(0), np.ones((1, 3), np.float32))
    for tree in (shapes, core.freeze(shapes)):
        file = tmp_path / "shapes.pkl"
        file.write_bytes(pickle.dumps(tree))
        assert _shapes(file) == {"kernel": (3, 4), "bias": (4,)}
        with opened_shapes(file) as source:
            assert {tensor.dtype for tensor in source.tensors.values()} == {"bfloat16"}


class _Runs:
    def __reduce__(self):
        return Path.touch, (Path("ran"),)


def test_nothing_in_a_pickle_is_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("shapes.pkl").write_bytes(pickle.dumps({"kernel": _Runs()}))
    with pytest.raises(FanwiseError, match="shapes alone"), opened_shapes("shapes.pkl"):
        pass
    assert not Path("ran").exists()


_LLAMA = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": 8,
    "intermediate_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "vocab_size": 32,
    "dtype": "bfloat16",
}


def _configuration(folder, **changes):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(_LLAMA | changes))
    return folder


@pytest.mark.parametrize("form", ["file", "folder", "cache"])
def test_a_configuration_is_a_model_without_memory(tmp_path, form):
    cache = tmp_path / "models--some--llama"
    folder = _configuration(cache / "snapshots" / "0123abcd")
    path = {"file": folder / "config.json", "folder": folder, "cache": cache}[form]
    with opened_shapes(path) as source:
        assert source.has_layers
        (table,) = (w for w in source.weights if w.weight.role == "embedding")
        assert (table.weight.shape, table.dtype) == ((32, 8), "bfloat16")
        assert {t.dtype for t in source.tensors.values()} == {"bfloat16"}


def test_weights_beside_a_configuration_of_another_model_come_first_and_that_is_told(tmp_path):
    _saved(_configuration(tmp_path) / "model.safetensors")
    with opened_shapes(tmp_path) as source:
        assert "up/kernel" in {stored.weight.path for stored in source.weights}
        assert not source.has_layers
    assert "by their names alone" in source.note
    assert "a tensor of LlamaForCausalLM of transformers. Received: 'norm.weight'" in source.note


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"architectures": ["Mine"]}, "a model of transformers. Received: 'Mine'"),
        (
            {"model_type": "mine", "auto_map": {"AutoConfig": "mine.Config"}},
            "a configuration that transformers reads",
        ),
    ],
)
def test_a_configuration_of_a_model_that_nobody_knows_is_told(tmp_path, changes, reason):
    file = _saved(_configuration(tmp_path, **changes) / "model.safetensors")
    for path in (file, tmp_path):
        with opened_shapes(path) as source:
            assert "up/kernel" in {stored.weight.path for stored in source.weights}
            assert re.search(reason, source.note)


@pytest.mark.parametrize("content", ["{", "[1]"])
def test_a_damaged_configuration_is_told(tmp_path, content):
    file = _saved(tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text(content)
    with opened_shapes(file) as source:
        assert "by their names alone" in source.note


def test_where_nothing_is_missed_nothing_is_told(tmp_path):
    file = _saved(tmp_path / "model.safetensors")
    with opened_shapes(file) as source:
        assert not source.note
    (tmp_path / "config.json").write_text('{"port": 80}')
    with opened_shapes(file) as source:
        assert not source.note


@pytest.mark.parametrize("missing", ["transformers", "torch"])
def test_a_library_that_is_missing_beside_a_configuration_is_told(tmp_path, missing):
    _saved(_configuration(tmp_path) / "model.safetensors")
    (tmp_path / "rules.toml").write_text(_RULES)
    call = ["write", "--shapes", ".", "--recipe", "rules.toml", "--seed", "0", "--digest-only"]
    code = f"import sys; sys.modules[{missing!r}] = None; sys.argv[1:] = {call!r}\n"
    code += "from fanwise.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("fanwise: "))
    assert "by their names alone" in line
    assert line.endswith("Run: pip install transformers torch")
    assert "digest" in done.stdout


@pytest.mark.parametrize("form", ["", "model.safetensors"])
def test_the_layers_of_weights_beside_a_configuration_are_told(tmp_path, form):
    tiny = {"vocab_size": 32, "hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 1}
    tiny |= {"num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 4}
    configuration = transformers.Gemma2Config(**tiny)
    transformers.Gemma2ForCausalLM(configuration).save_pretrained(tmp_path)
    rows = {}
    for path in (tmp_path / form, tmp_path / "config.json"):
        with opened_shapes(path) as source:
            assert source.has_layers
            rows[path] = {
                w.weight.path: (w.weight.role, w.weight.class_name, w.description.zero_row)
                for w in source.weights
            }
            assert not source.note
    assert len({tuple(sorted(told.items())) for told in rows.values()}) == 1


def test_code_beside_a_configuration_is_not_run(tmp_path):
    folder = _configuration(
        tmp_path,
        model_type="mine",
        architectures=["Mine"],
        auto_map={"AutoConfig": "mine.Config", "AutoModel": "mine.Mine"},
    )
    (folder / "mine.py").write_text("raise SystemExit(3)")
    with pytest.raises(FanwiseError, match="a model of transformers"), opened_shapes(folder):
        pass
    _configuration(tmp_path, model_type="mine", auto_map={"AutoConfig": "mine.Config"})
    refusal = pytest.raises(FanwiseError, match="a configuration that transformers reads")
    with refusal, opened_shapes(folder):
        pass


def test_a_cache_of_two_revisions_has_a_main_one(tmp_path):
    for name in ("one", "two"):
        _saved(_made(tmp_path / "snapshots" / name) / "model.safetensors")
    with pytest.raises(FanwiseError, match="one snapshot"), opened_shapes(tmp_path):
        pass
    (_made(tmp_path / "refs") / "main").write_text("two")
    assert "up/kernel" in _shapes(tmp_path)


def _made(folder):
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_shapes_of_running_statistics_need_no_count_of_batches(tmp_path):
    names = ("weight", "bias", "running_mean", "running_var")
    shapes = {f"norm.{name}": [4] for name in names}
    counted = {"shape": [], "dtype": "int64"}
    file = tmp_path / "shapes.json"
    file.write_text(json.dumps({**shapes, "norm.num_batches_tracked": counted}))
    rules = [{"role": "scale", "init": "ones"}, {"role": "offset", "init": "zeros"}]
    with opened_shapes(file) as source:
        start = planned_start(
            recipe({"fanwise": 1, "rule": rules}),
            source.weights,
            source.tensors,
            seed=0,
            framework=source.framework,
        )
    count = start.tensor("norm.num_batches_tracked")
    assert (count.block(()).tolist(), count.is_copied) == (0, False)
