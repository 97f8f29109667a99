"""The audit of models, state dicts and files of torch."""

import pytest
import torch
from torch import nn

import fanwise
import fanwise.torch
from fanwise import FanwiseError

OWN = {"fanwise": 1, "rule": [{"match": "**", "init": "own"}]}


class Tied(nn.Module):
    """A table and the head that shares it, a module of its own, and buffers."""

    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(500, 64, padding_idx=2)
        self.up = nn.Linear(64, 256)
        self.norm = nn.LayerNorm(64)
        self.attention = nn.MultiheadAttention(64, 4)
        self.batch = nn.BatchNorm1d(64)
        self.head = nn.Linear(64, 500, bias=False)
        self.head.weight = self.tokens.weight
        self.register_buffer("mask", torch.ones(4, 4))


def model(seed=0):
    torch.manual_seed(seed)
    return Tied()


def test_a_models_own_start_passes():
    for seed in range(5):
        verdict = fanwise.audit(model(seed), "torch_default")
        assert verdict.passed, verdict
    paths = {row.path for row in verdict.rows}
    assert {"tokens/embedding", "attention/query/kernel", "up/bias"} <= paths
    assert "head/kernel" not in paths
    assert verdict.subject == "a model of class Tied"


def test_what_initialize_draws_passes_with_its_seed_and_fails_with_another():
    built, seed = model(), 2**40 + 3
    fanwise.torch.initialize(built, "torch_default", seed=seed)
    assert fanwise.audit(built, "torch_default", seed=seed).passed
    fanwise.torch.initialize(built, "torch_default", seed=3)
    failures = fanwise.audit(built, "torch_default", seed=seed).failures
    assert {row.claim for row in failures} == {"bits"}
    assert any("32 bits" in row.fault for row in failures)


def test_a_state_dict_and_a_file_have_the_verdict_of_the_model(tmp_path):
    built = model()
    expected = fanwise.audit(built, "torch_default")
    torch.save(built.state_dict(), tmp_path / "start.bin")
    for weights in (built.state_dict(), tmp_path / "start.bin"):
        verdict = fanwise.audit(weights, "torch_default", model=built)
        told = [row for row in verdict.rows if row.claim not in ("not a weight", "tied")]
        assert told == list(expected.rows)
        # The head has the tokens' weight, under a name of its own where memory is not shared.
        assert {row.outcome for row in verdict.rows if row.claim == "tied"} <= {"pass"}
        names = {row.path for row in verdict.rows if row.claim == "not a weight"}
        assert names == {"mask", "batch.num_batches_tracked"}
    alone = fanwise.audit(tmp_path / "start.bin", "torch_default")
    assert alone.passed, alone


def test_the_model_may_be_on_the_meta_device_where_its_weights_are_apart():
    with torch.device("meta"):
        bare = Tied()
    assert fanwise.audit(model().state_dict(), "torch_default", model=bare).passed


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_other_dtypes_are_judged_by_their_numbers(dtype):
    verdict = fanwise.audit(model().to(dtype), "torch_default")
    assert verdict.passed, verdict


def test_a_model_is_left_as_it_is():
    built = model().eval()
    built.up.weight.requires_grad_(requires_grad=False)
    built.up.bias.grad = torch.ones(256)
    before = {name: value.clone() for name, value in built.state_dict().items()}
    state = torch.get_rng_state()
    recipe = {**OWN, "rule": [{"frozen": True, "match": "**", "init": "own"}, *OWN["rule"]]}
    fanwise.audit(built, {**recipe, "extends": "torch_default"})
    fanwise.audit(built)
    assert not built.training
    assert not built.up.weight.requires_grad
    assert (built.up.bias.grad == 1).all()
    assert torch.equal(torch.get_rng_state(), state)
    for name, value in built.state_dict().items():
        assert torch.equal(value, before[name])
    assert torch.is_grad_enabled()


def test_a_dead_output_and_a_row_of_padding_that_is_drawn_are_seen():
    built = model()
    with torch.no_grad():
        built.up.weight[7] = 0
        built.tokens.weight[2] = 0.1
    failing = {(row.path, row.claim) for row in fanwise.audit(built, "torch_default").failures}
    assert ("up/kernel", "rows and columns") in failing
    assert ("tokens/embedding", "padding") in failing


def test_weights_without_memory_are_told_one_by_one():
    built = model()
    built.up = nn.Linear(64, 256, device="meta")
    rows = fanwise.audit(built, "torch_default").rows
    told = {row.path: row for row in rows if row.path.startswith("up/")}
    assert set(told) == {"up/kernel", "up/bias"}
    assert all(row.outcome == "undecided" and "meta" in row.note for row in told.values())


def test_a_rule_that_fits_nothing_is_an_error_of_a_model():
    recipe = {
        "fanwise": 1,
        "rule": [{"match": "no/such", "init": "ones"}],
        "extends": "torch_default",
    }
    with pytest.raises(FanwiseError, match="no weight"):
        fanwise.audit(model(), recipe)


def test_a_parameter_of_no_known_layer_needs_a_rule():
    built = model()
    built.odd = nn.Parameter(torch.randn(30, 40))
    with pytest.raises(FanwiseError, match="rule"):
        fanwise.audit(built, {"fanwise": 1, "rule": [{"layer": "dense", "init": "own"}]})


def test_a_model_beside_a_model_is_an_error():
    with pytest.raises(FanwiseError, match="model"):
        fanwise.audit(model(), "torch_default", model=model())
