"""A file that has two names of one weight has one weight under both, or the audit fails."""

import torch

import fanwise
import fanwise.torch


def test_what_a_file_holds_under_two_names_of_one_weight_is_compared():
    model = torch.nn.Module()
    model.tokens = torch.nn.Embedding(64, 32)
    model.head = torch.nn.Linear(32, 64, bias=False)
    model.head.weight = model.tokens.weight
    rule = {"fanwise": 1, "rule": [{"role": "embedding", "init": {"scheme": "normal"}}]}
    fanwise.torch.initialize(model, rule, seed=1)
    right = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    wrong = {**right, "head.weight": right["head.weight"] * 3 + 1}
    for seed in (None, 1):
        verdict = fanwise.audit(right, rule, seed=seed, model=model)
        assert verdict.passed
        assert [row.outcome for row in verdict.rows if row.claim == "tied"] == ["pass"]
        assert "not a weight" not in {row.claim for row in verdict.rows}
        (row,) = fanwise.audit(wrong, rule, seed=seed, model=model).failures
        assert (row.claim, row.path, row.observed) == ("tied", "tokens/embedding", 64 * 32)
        assert row.fault == "tied weights hold other numbers"
        assert "tokens.weight and head.weight" in row.note
