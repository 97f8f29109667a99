"""Weights are verified bit for bit: all of them, or blocks that are chosen at random."""

import hashlib
import json
import math
from itertools import combinations

import numpy as np
import pytest
import torch
from common.starts import start_of

import fanwise
from fanwise import FanwiseError
from fanwise.adapters.files import open_tensors
from fanwise.adapters.held_weights import held_weights
from fanwise.adapters.starts.digests import start_digest
from fanwise.adapters.starts.plans import planned_start
from fanwise.adapters.starts.writing import write_start
from fanwise.conformance.audits.block_samples import SAMPLED, BlockSample
from fanwise.conformance.audits.opened_plans import LAYERS

RECIPE = {
    "fanwise": 1,
    "rule": [
        {"role": "kernel", "init": "he_normal"},
        {"role": "bias", "init": "zeros"},
        {"role": "scale", "init": "ones"},
    ],
}
SHAPES = {
    "up.weight": (600, 300),
    "up.bias": (600,),
    "down.weight": (300, 600),
    "norm.weight": (300,),
}
PATHS = {"up.weight": "up/kernel", "down.weight": "down/kernel"}


def _drawn(seed=7, dtype="float32", scheme="he_normal"):
    held = {
        name: fanwise.sample(scheme, SHAPES[name], seed=seed, path=path, axes="torch", dtype=dtype)
        for name, path in PATHS.items()
    }
    return held | {"up.bias": np.zeros(600, dtype), "norm.weight": np.ones(300, dtype)}


def _flipped(held, name, place, bit=0):
    """Flip one bit of one element."""
    bits = held[name].view(np.uint32)
    bits[place] ^= np.uint32(1) << np.uint32(bit)
    return held


def test_what_was_drawn_is_verified():
    verdict = fanwise.verify(_drawn(), RECIPE, seed=7)
    assert verdict.passed, verdict
    assert verdict.first_difference is None
    assert verdict.compared == verdict.elements == sum(map(math.prod, SHAPES.values()))
    assert "0 weights differ, 4 do not" in str(verdict)


@pytest.mark.parametrize("bit", [0, 31])
def test_one_bit_of_one_element_is_found_and_told(bit):
    held = _flipped(_drawn(), "down.weight", (123, 456), bit)
    verdict = fanwise.verify(held, RECIPE, seed=7)
    assert not verdict.passed
    assert verdict.first_difference.path == "down/kernel"
    assert "first at [123, 456]" in verdict.first_difference.note
    assert "1 weight differs, 3 do not" in str(verdict)


def test_another_seed_differs_in_what_is_drawn():
    verdict = fanwise.verify(_drawn(seed=8), RECIPE, seed=7)
    assert [row.path for row in verdict.audit.failures] == ["up/kernel", "down/kernel"]


def test_the_seed_0_is_another_seed_and_no_half_of_a_small_one():
    verdict = fanwise.verify(_drawn(seed=0), RECIPE, seed=7)
    assert {row.fault for row in verdict.audit.failures} == {"another seed"}
    verdict = fanwise.verify(_drawn(seed=0xABCDEF01), RECIPE, seed=0xABCDEF01 << 32 | 5)
    assert {row.fault for row in verdict.audit.failures} == {"upper half of the seed"}


@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_weights_are_compared_in_their_own_dtype(dtype):
    assert fanwise.verify(_drawn(dtype=dtype), RECIPE, seed=7).passed


def test_a_factorization_is_held_to_its_bounds():
    recipe = {"fanwise": 1, "rule": [{"role": "kernel", "init": "orthogonal"}, *RECIPE["rule"][1:]]}
    held = _drawn(scheme="orthogonal")
    assert fanwise.verify(held, recipe, seed=7, sample=2).passed
    held["up.weight"][3, 4] += 1e-3
    verdict = fanwise.verify(held, recipe, seed=7)
    assert "first at [3, 4]" in verdict.first_difference.note


def test_a_sample_of_all_blocks_finds_one_bit():
    held = _flipped(_drawn(), "up.weight", (599, 299))
    verdict = fanwise.verify(held, RECIPE, seed=7, sample=10**6)
    assert not verdict.passed
    assert "[599, 299]" in verdict.first_difference.note
    assert "all 8 blocks" in str(verdict)


def test_a_sample_looks_at_a_part_of_every_weight():
    held = _drawn() | {"up.bias": np.ones(600, np.float32)}
    for _ in range(5):
        verdict = fanwise.verify(held, RECIPE, seed=7, sample=1)
        assert [row.path for row in verdict.audit.failures] == ["up/bias"]
        assert verdict.compared < verdict.elements
        assert {row.n > 0 for row in verdict.audit.rows} == {True}
    assert "1 of 8 blocks" in str(verdict)
    assert json.loads(verdict.to_json())["sample"]["of"] == 8


def test_the_probability_that_a_fault_is_missed_is_that_of_all_samples():
    _, weights = held_weights({"out.weight": np.zeros((9, SAMPLED), np.float32)})
    for count in (1, 3, 9):
        sample = BlockSample(weights, count)
        every = list(combinations(range(9), count))
        for faulty in range(1, 10):
            missing = sum(min(chosen) >= faulty for chosen in every)
            assert sample.missed(faulty) == pytest.approx(missing / len(every))
        assert sample.missed(sample.smallest_seen) <= 0.01
        assert sample.smallest_seen == 1 or sample.missed(sample.smallest_seen - 1) > 0.01


def test_samples_differ_and_every_block_is_as_likely():
    """Of 400 samples of one block among sixteen, none of the sixteen is left out.

    The probability that one is: at most 16 · (15/16)⁴⁰⁰ < 10⁻⁹; the block of the weight itself,
    which is drawn beside it, only makes it smaller.
    """
    _, weights = held_weights({"out.weight": np.zeros((16, SAMPLED), np.float32)})
    seen = set()
    for _ in range(400):
        seen |= {where[0].start for where, _ in BlockSample(weights, 1).blocks(weights[0])}
    assert seen == set(range(16))


@pytest.mark.parametrize("count", [0, -1, 1.5, True])
def test_a_sample_is_a_number_of_blocks(count):
    with pytest.raises(FanwiseError, match="a number of blocks, from 1, as sample"):
        fanwise.verify(_drawn(), RECIPE, seed=7, sample=count)


def test_a_weight_that_the_file_lacks_fails_where_its_model_is_known():
    with torch.device("meta"):
        model = torch.nn.ModuleDict(
            {
                "up": torch.nn.Linear(300, 600),
                "down": torch.nn.Linear(600, 300, bias=False),
                "norm": torch.nn.RMSNorm(300),
            }
        )
    held = _drawn()
    assert fanwise.verify(held, RECIPE, seed=7, model=model).passed
    del held["up.bias"]
    verdict = fanwise.verify(held, RECIPE, seed=7, model=model)
    assert [row.path for row in verdict.audit.failures] == ["up/bias"]
    assert "nothing by the name of up.bias" in verdict.first_difference.note


@pytest.mark.parametrize("sample", [None, 3])
def test_each_name_of_a_tied_weight_is_compared(sample):
    with torch.device("meta"):
        up, down = torch.nn.Linear(300, 600), torch.nn.Linear(300, 600, bias=False)
        model = torch.nn.ModuleDict({"up": up, "down": down})
        down.weight = up.weight
    held = _drawn()
    held = {"up.weight": held["up.weight"], "up.bias": held["up.bias"]}
    held["down.weight"] = held["up.weight"].copy()
    recipe = RECIPE | {"rule": RECIPE["rule"][:2]}
    assert fanwise.verify(held, recipe, seed=7, model=model, sample=sample).passed
    held["down.weight"][:] = 0
    assert not fanwise.verify(held, recipe, seed=7, model=model, sample=sample).passed


def test_nothing_compared_is_nothing_right():
    held = {"up.weight": np.zeros((60, 30), np.int8), "up.bias": np.zeros(60, np.int8)}
    recipe = RECIPE | {"rule": RECIPE["rule"][:2]}
    verdict = fanwise.verify(held, recipe, seed=7)
    assert not verdict.passed
    assert "nothing compared is nothing right" in str(verdict)


def test_progress_tells_blocks_or_megabytes():
    for sample, word in ((None, "megabytes"), (2, "blocks")):
        told = []
        fanwise.verify(_drawn(), RECIPE, seed=7, sample=sample, progress=lambda *t: told.append(t))  # noqa: B023
        assert any(word in text for _, _, text in told)


def _written(folder, **how):
    """Write a start of torch's names into a folder, and return that."""
    tensors = {
        name: (shape, "float32") for name, shape in SHAPES.items() if not name.startswith("norm")
    }
    write_start(start_of(tensors, seed=7, **how), folder)
    return folder


@pytest.mark.parametrize("form", ["names", "canonical"])
def test_a_start_that_was_written_says_by_what_it_was_drawn(tmp_path, form):
    folder = _written(tmp_path / "out", form=form)
    verdict = fanwise.verify(folder)
    assert verdict.passed, verdict
    assert verdict.audit.held_to == "the recipe of its start.json, seed 7"
    assert not fanwise.verify(folder, seed=8).passed


def test_layers_that_a_configuration_cannot_tell_are_undecided(tmp_path):
    file = _written(tmp_path / "a.safetensors")
    (tmp_path / "config.json").write_text('{"port": 80}')
    assert "0 claims undecided" in str(_named(file, tmp_path))
    (tmp_path / "config.json").write_text('{"model_type": "mine"}')
    assert "config.json" not in str(fanwise.verify(file))  # of which its description tells all
    verdict = _named(file, tmp_path)
    (row,) = [row for row in verdict.audit.rows if row.claim == LAYERS]
    assert (row.path, row.outcome, verdict.passed) == ("config.json", "undecided", True)
    assert "pass the model too" in str(verdict)


def _named(file, folder):
    """Verify a file by its names alone."""
    twin = folder / "twin.safetensors"
    twin.write_bytes(file.read_bytes())
    return fanwise.verify(twin, RECIPE | {"rule": RECIPE["rule"][:2]}, seed=7)


def test_a_description_by_its_earlier_name_is_that_of_the_file_that_it_names(tmp_path):
    file = _written(tmp_path / "a.safetensors")
    described = tmp_path / "a.safetensors.start.json"
    described.rename(tmp_path / "a.start.json")
    assert fanwise.verify(file).passed
    # Once both had one name.
    np.savez(tmp_path / "a.npz", **_drawn(seed=8))
    with pytest.raises(FanwiseError, match="a recipe and a seed"):
        fanwise.verify(tmp_path / "a.npz")
    assert fanwise.verify(tmp_path / "a.npz", RECIPE, seed=8).passed
    assert fanwise.verify(file).passed
    # Both were given another name.
    (tmp_path / "a.start.json").rename(tmp_path / "b.start.json")
    assert fanwise.verify(file.rename(tmp_path / "b.safetensors")).passed


def test_a_canonical_file_is_held_to_its_model_too(tmp_path):
    folder = _written(tmp_path / "out", form="canonical")
    with torch.device("meta"):
        model = torch.nn.ModuleDict(
            {"up": torch.nn.Linear(300, 600), "down": torch.nn.Linear(600, 300, bias=False)}
        )
        wider = torch.nn.ModuleDict({**model, "side": torch.nn.Linear(3, 2, bias=False)})
    recipe = RECIPE | {"rule": RECIPE["rule"][:2]}
    assert fanwise.verify(folder, recipe, seed=7, model=model).passed
    verdict = fanwise.verify(folder, recipe, seed=7, model=wider)
    assert [row.path for row in verdict.audit.failures] == ["side/kernel"]
    with pytest.raises(FanwiseError, match="or a model"):
        fanwise.verify(folder, "torch_default", seed=7)


def test_without_a_description_both_are_asked_for(tmp_path):
    for given in ({}, {"recipe": RECIPE}, {"seed": 7}):
        with pytest.raises(FanwiseError, match="a recipe and a seed"):
            fanwise.verify(_drawn(), **given)


def test_a_damaged_description_is_told(tmp_path):
    folder = _written(tmp_path / "out")
    (folder / "start.json").write_text('{"fanwise_start": 1}')
    with pytest.raises(FanwiseError, match="what fanwise write says of a start"):
        fanwise.verify(folder)
    (folder / "start.json").unlink()
    assert fanwise.verify(folder, RECIPE | {"rule": RECIPE["rule"][:2]}, seed=7).passed


def test_a_weight_that_is_said_to_lie_nowhere_is_told(tmp_path):
    folder = _written(tmp_path / "out")
    text = json.loads((folder / "start.json").read_text("utf-8"))
    text["weights"][0]["tensors"] = []
    (folder / "start.json").write_text(json.dumps(text), "utf-8")
    with pytest.raises(FanwiseError, match="what is said of a weight of a start"):
        fanwise.verify(folder)


def test_that_nothing_is_there_is_told_before_a_recipe_is_asked_for(tmp_path):
    with pytest.raises(FanwiseError, match="where there is no file"):
        fanwise.verify(tmp_path / "out")


def test_the_description_tells_what_names_do_not(tmp_path):
    with torch.device("meta"):
        model = torch.nn.Sequential(
            torch.nn.Embedding(20, 8), torch.nn.MultiheadAttention(8, 2), torch.nn.LSTM(8, 4)
        )
    recipe = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.02}}]}
    start = planned_model(model, recipe)
    write_start(start, tmp_path / "out")
    for sample in (None, 100):
        verdict = fanwise.verify(tmp_path / "out", sample=sample)
        assert verdict.passed, verdict
        assert verdict.compared == start.elements
    assert fanwise.verify(tmp_path / "out", recipe, seed=7, model=model).passed


def planned_model(model, recipe):
    """The start of a model of torch on meta."""
    from fanwise.adapters.torch.stored_weights import stored_tensors, stored_weights

    return planned_start(
        fanwise.recipe(recipe),
        stored_weights(model),
        stored_tensors(model.state_dict()),
        seed=7,
        framework="torch",
    )


def _changed(folder, change=None, **tensors):
    """Change what a start's description says, and what its file holds."""
    from safetensors.numpy import load_file, save_file

    held = load_file(folder / "model.safetensors")
    held.update(tensors)
    save_file({n: a for n, a in held.items() if a is not None}, folder / "model.safetensors")
    text = json.loads((folder / "start.json").read_text("utf-8"))
    for told in text["tensors"]:
        if change is not None and tensors.get(told["name"]) is not None:
            told["sha256"] = hashlib.sha256(tensors[told["name"]].tobytes()).hexdigest()
    if change is not None:
        change(text)
        text["digest"] = start_digest({t["name"]: t["sha256"] for t in text["tensors"]})
    (folder / "start.json").write_text(json.dumps(text), "utf-8")


def _zeros(text):
    text["weights"][0]["scheme"] = fanwise.scheme("zeros").to_dict()


def _unruled(text):
    text["weights"][0]["rule"] = 2


def _beyond(text):
    text["weights"][0]["rule"] = 99


def _popped(text):
    del text["weights"][0]


def _untold(text):
    text["tensors"][0]["weights"] = []


@pytest.mark.parametrize("change", [_zeros, _unruled, _beyond, _popped, _untold])
@pytest.mark.parametrize("form", ["names", "canonical"])
@pytest.mark.parametrize("is_given", [True, False])
def test_a_description_is_held_to_the_recipe(tmp_path, change, form, is_given):
    folder = _written(tmp_path / "out", form=form)
    recipe = RECIPE | {"rule": RECIPE["rule"][:2]}
    how = {"recipe": recipe, "seed": 7} if is_given else {}
    if form == "canonical":
        how = how and {"recipe": fanwise.recipe(_recipe_of(folder)), "seed": 7}
    assert fanwise.verify(folder, **how).passed
    text = json.loads((folder / "start.json").read_text("utf-8"))
    first = text["weights"][0]
    (told,) = (tensor for tensor in text["tensors"] if tensor["name"] == first["tensors"][0])
    is_zeroed = change in (_zeros, _popped)
    zeros = {told["name"]: np.zeros(told["shape"], np.float32)} if is_zeroed else {}
    _changed(folder, change, **zeros)
    verdict = fanwise.verify(folder, **how)
    failed = {row.path for row in verdict.audit.failures}
    assert failed & {first["path"], told["name"]}, verdict


def _another_digest(text):
    text["digest"] = "0" * 64


def _another_sha256(text):
    text["tensors"][0]["sha256"] = "0" * 64


def _twice(text):
    text["tensors"].append(text["tensors"][0])


@pytest.mark.parametrize("change", [_another_digest, _another_sha256, _twice])
def test_the_digest_of_a_description_is_that_of_its_tensors(tmp_path, change):
    folder = _written(tmp_path / "out")
    text = json.loads((folder / "start.json").read_text("utf-8"))
    change(text)
    (folder / "start.json").write_text(json.dumps(text), "utf-8")
    verdict = fanwise.verify(folder)
    assert [row.path for row in verdict.audit.failures] == ["start.json"], verdict


def _recipe_of(folder):
    return json.loads((folder / "start.json").read_text("utf-8"))["recipe"]


def test_what_is_copied_followed_tied_or_added_is_held_to_its_digest(tmp_path):
    recipe = {"fanwise": 1, "rule": [{"role": "kernel", "init": "he_normal"}]}
    recipe["rule"] += [{"role": "bias", "init": "zeros"}, {"match": "**", "init": "keep"}]
    model = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.BatchNorm1d(4))
    model.append(torch.nn.Linear(4, 4))
    model[2].weight = model[0].weight
    for name, tensors in {
        "": {},
        "1.num_batches_tracked": {"1.num_batches_tracked": np.int64(99)},
        "1.weight": {"1.weight": np.zeros(4, np.float32)},
        "added": {"added": np.zeros(4, np.float32)},
        "2.weight": {"2.weight": np.zeros((4, 4), np.float32)},
        "1.running_var": {"1.running_var": np.ones(4, np.float64)},
        "0.weight": {"0.weight": np.zeros((4, 4), np.float16)},
        "1.running_mean": {"1.running_mean": None},
    }.items():
        folder = tmp_path / f"of{name}"
        _write_model(model, recipe, folder)
        _changed(folder, **{n: None if t is None else np.asarray(t) for n, t in tensors.items()})
        for given in ({}, {"recipe": recipe, "seed": 7}):
            verdict = fanwise.verify(folder, **given)
            failed = {row.path for row in verdict.audit.failures}
            assert verdict.passed is not bool(name), f"{verdict}"
            assert (name in failed) is bool(name), f"{verdict}"


def _write_model(model, recipe, folder, **how):
    """Write a start of a model of torch."""
    import fanwise.torch

    fanwise.torch.write(model, recipe, seed=7, to=folder, **how)


@pytest.mark.parametrize("form", ["names", "canonical"])
@pytest.mark.parametrize("sample", [None, 3])
@pytest.mark.parametrize("row", [-1, 3])
def test_an_own_start_with_padding_is_compared_as_a_whole(tmp_path, form, sample, row):
    model = torch.nn.Sequential(torch.nn.Embedding(10, 4, padding_idx=row))
    _write_model(model, "torch_default", tmp_path / "out", form=form)
    verdict = fanwise.verify(tmp_path / "out", sample=sample)
    assert verdict.passed, verdict
    assert verdict.compared == verdict.elements == 40


def test_a_sample_says_what_it_does_not_compare(tmp_path):
    model = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.BatchNorm1d(4))
    rules = [{"role": "kernel", "init": "he_normal"}, {"match": "**", "init": "keep"}]
    _write_model(model, {"fanwise": 1, "rule": rules}, tmp_path / "out")
    verdict = fanwise.verify(tmp_path / "out", sample=1)
    assert verdict.passed
    told = {row.path for row in verdict.audit.undecided if "Not compared" in row.note}
    assert {"1.num_batches_tracked", "0.bias", "1.weight"} <= told


GROUPED = {
    "transposed": lambda: torch.nn.ConvTranspose2d(8, 12, 3, groups=4),
    "grouped": lambda: torch.nn.Conv2d(8, 12, 3, groups=4),
    "depthwise": lambda: torch.nn.Conv1d(8, 16, 3, groups=8),
    "bilinear": lambda: torch.nn.Bilinear(3, 4, 5),
}


@pytest.mark.parametrize("form", ["names", "canonical"])
@pytest.mark.parametrize("layer", GROUPED)
def test_the_fans_of_groups_and_of_two_inputs_are_told(tmp_path, form, layer):
    model = torch.nn.Sequential(GROUPED[layer]())
    std = {"scheme": "normal", "std": "1/sqrt(fan_in + fan_out) + groups + first_in"}
    rules = [{"role": "kernel", "init": std}, {"role": "bias", "init": std}]
    _write_model(model, {"fanwise": 1, "rule": rules}, tmp_path / "out", form=form)
    for given in ({}, {"model": model}):
        verdict = fanwise.verify(tmp_path / "out", **given)
        assert verdict.passed, verdict
        assert not verdict.audit.undecided, verdict


def test_groups_on_another_axis_than_is_told_differ(tmp_path):
    model = torch.nn.Sequential(torch.nn.ConvTranspose2d(8, 12, 3, groups=4, bias=False))
    recipe = {"fanwise": 1, "rule": [{"role": "kernel", "init": "glorot_normal"}]}
    _write_model(model, recipe, tmp_path / "out", form="canonical")
    assert fanwise.verify(tmp_path / "out").passed

    def change(text):
        text["weights"][0]["groups"] = 1

    _changed(tmp_path / "out", change)
    assert not fanwise.verify(tmp_path / "out").passed


@pytest.mark.parametrize("form", ["names", "canonical"])
def test_what_is_said_to_be_copied_and_is_drawn_fails(tmp_path, form):
    folder = _written(tmp_path / "out", form=form)
    first = json.loads((folder / "start.json").read_text("utf-8"))["weights"][0]
    (name,) = first["tensors"]

    def change(text):
        (told,) = (tensor for tensor in text["tensors"] if tensor["name"] == name)
        told |= {"weights": [], "copied": True}
        (weight,) = (w for w in text["weights"] if w["tensors"] == [name])
        weight |= {"scheme": None, "rule": None}
        if form == "names":  # as it writes what is copied
            text["weights"].remove(weight)

    _changed(folder, change, **{name: np.zeros(first["shape"], np.float32)})
    verdict = fanwise.verify(folder)
    assert [row.path for row in verdict.audit.failures] == [first["path"]], verdict


def _with_buffers():
    model = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.Module())
    model[1].register_buffer("weight", torch.full((4,), 0.5))  # as of a norm that is frozen
    model.register_buffer("positions", torch.arange(12.0).reshape(3, 4))
    model.register_buffer("factor", torch.tensor(3.0))
    return model, {}, {"1.weight", "positions", "factor"}


def _with_what_does_not_train():
    model = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.Linear(4, 4))
    model[0].requires_grad_(False)
    return model, {"allow": {"unmatched": ["0/**"]}}, {"0.weight", "0.bias"}


@pytest.mark.parametrize("make", [_with_buffers, _with_what_does_not_train])
@pytest.mark.parametrize("form", ["names", "canonical"])
def test_what_rules_pass_over_is_copied_and_no_fault(tmp_path, make, form):
    model, allowed, names = make()
    rules = [{"match": "**", "init": {"scheme": "normal", "std": 0.1}}]
    _write_model(model, {"fanwise": 1, "rule": rules, **allowed}, tmp_path / "out", form=form)
    verdict = fanwise.verify(tmp_path / "out")
    assert verdict.passed, verdict
    if form == "names":
        with open_tensors(tmp_path / "out") as file:
            assert names <= set(file.tensors)
    assert fanwise.verify(tmp_path / "out", model=model).passed


def test_what_may_be_drawn_though_it_is_said_to_be_copied_is_undecided(tmp_path):
    model = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.BatchNorm1d(4))
    rules = [{"role": "kernel", "init": "he_normal"}, {"match": "**", "init": "keep"}]
    kept = {"0/bias", "1/mean", "1/offset", "1/scale", "1/variance"}
    for form, told in (("names", set()), ("canonical", kept)):
        folder = tmp_path / form
        _write_model(model, {"fanwise": 1, "rule": rules}, folder, form=form)
        verdict = fanwise.verify(folder)
        assert verdict.passed, verdict
        assert {row.path for row in verdict.audit.undecided} == told, verdict
        rows = fanwise.verify(folder, model=model).audit.undecided
        assert "rule" not in {row.claim for row in rows}
