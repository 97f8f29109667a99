"""What transformers has loaded is kept, and what it has only built is set."""

import peft
import pytest
import torch
import transformers
from common import transformers_models as library

import fanwise.torch
from fanwise.spec.errors import FanwiseError

ALL = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.5}}]}
HEAD = ["classifier.weight", "classifier.bias"]


@pytest.fixture
def folder(tmp_path):
    """Save a body without its head."""
    library.bert("BertModel").save_pretrained(tmp_path)
    return tmp_path


def load(folder):
    """Load it into a model with a head, which the files do not have."""
    return transformers.BertForSequenceClassification.from_pretrained(
        folder, output_loading_info=True
    )


def rules_of(*rules):
    return {"fanwise": 1, "rule": list(rules)}


def changed(model, **how):
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    report = fanwise.torch.initialize(model, ALL, seed=0, **how)
    return report, [n for n, p in model.named_parameters() if not torch.equal(p, before[n])]


def test_a_model_that_is_built_is_set():
    model = library.bert()
    assert len(changed(model)[1]) == len(dict(model.named_parameters()))
    built = transformers.AutoModel.from_config(library.bert().config)
    assert len(changed(built)[1]) == len(dict(built.named_parameters()))


def test_of_a_model_that_is_loaded_the_head_is_set(folder):
    model, told = load(folder)
    report, names = changed(model)
    assert names == HEAD
    assert "bert/embeddings/word_embeddings/embedding" in report.left_alone
    assert sorted(told["missing_keys"]) == sorted(HEAD)


def test_the_loading_information_says_the_same_as_the_marks(folder):
    model, told = load(folder)
    assert changed(model, missing=told)[1] == HEAD


def test_a_model_that_is_loaded_as_a_whole_is_set_where_it_is_asked_for(folder):
    model = transformers.BertModel.from_pretrained(folder)
    with pytest.raises(FanwiseError, match="marked as loaded"):
        fanwise.torch.initialize(model, ALL, seed=0)
    assert changed(model, missing=["pooler.dense.bias"])[1] == ["pooler.dense.bias"]
    assert changed(model, only="pooler/dense/kernel")[1] == ["pooler.dense.weight"]


def test_its_own_start_may_call_ours_while_it_loads(folder):
    """It starts what the files do not have; what they have stays."""

    class Ours(transformers.BertForSequenceClassification):
        def _init_weights(self, module):
            super()._init_weights(module)
            if isinstance(module, torch.nn.Linear):
                fanwise.torch.initialize(module, "torch_default", seed=0)

    loaded = transformers.BertModel.from_pretrained(folder)
    model = Ours.from_pretrained(folder)
    for name, parameter in loaded.named_parameters():
        assert torch.equal(parameter, model.get_parameter(f"bert.{name}"))
    head = torch.nn.Linear(8, 2)
    fanwise.torch.initialize(head, "torch_default", seed=0)
    assert torch.equal(model.classifier.weight, head.weight)


def test_gpt2_declares_what_torchs_layers_do_and_what_its_own_linear_layers_write():
    """A rule about their class comes first."""
    own = {"match": "**", "init": "own"}
    model = library.gpt2()
    rows = {r.path: r for r in fanwise.torch.initialize(model, rules_of(own), seed=0).rows}
    linear = rows["transformer/h/0/mlp/c_fc/weight"]
    assert (linear.scheme, linear.expected) == ("normal", 0.02)
    assert not model.transformer.h[0].mlp.c_fc.bias.any()
    assert rows["transformer/wte/embedding"].expected == 1
    assert rows["transformer/ln_f/scale"].scheme == "ones"
    given = {"class": "transformers.pytorch_utils.Conv1D", "role": "kernel", "init": "he_normal"}
    recipe = rules_of(given, own)
    rows = {r.path: r for r in fanwise.torch.initialize(model, recipe, seed=0).rows}
    linear = rows["transformer/h/0/mlp/c_fc/weight"]
    assert (linear.scheme, linear.fan_in) == ("he_normal", 8)


@pytest.mark.parametrize("make", [library.gpt2, library.llama, library.bert, library.vit])
def test_paths_shows_every_parameter_of_a_model_with_its_class(make, monkeypatch):
    model = make()
    shown = fanwise.torch.paths(model)
    named = {name for row in shown.rows for name in row.names}
    assert {name for name, _ in model.named_parameters()} <= named
    assert all("." in row.class_name for row in shown.rows)
    monkeypatch.setenv("COLUMNS", "100")
    assert max(map(len, str(shown).splitlines()[: len(shown.rows) + 2])) <= 100


def test_a_resnet_of_torchs_layers_declares_all_of_its_weights():
    model = library.resnet()
    own = {"fanwise": 1, "rule": [{"match": "**", "init": "own"}]}
    fanwise.torch.initialize(model, own, seed=0)
    declared = {name: value.clone() for name, value in model.state_dict().items()}
    fanwise.torch.initialize(model, "torch_default", seed=0)
    for name, value in model.state_dict().items():
        assert torch.equal(value, declared[name])


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_what_a_lora_declares_is_not_what_its_linear_layers_do():
    """One of its two matrices starts at zero, which PEFT sees to after it has made them."""
    config = peft.LoraConfig(r=2, target_modules=["c_attn"], fan_in_fan_out=True)
    adapted = peft.get_peft_model(library.gpt2(), config)
    recipe = {
        "fanwise": 1,
        "rule": [{"match": "**", "init": "own"}, {"match": "**", "frozen": True, "init": "keep"}],
    }
    rows = {r.path: r for r in fanwise.torch.initialize(adapted, recipe, seed=0).rows}
    assert {row.kind for row in rows.values()} == {"adapter"}
    lora = "base_model/model/transformer/h/1/attn/c_attn/lora_{}/default/kernel"
    assert rows[lora.format("A")].expected > 0
    assert rows[lora.format("B")].scheme == "zeros"


def test_a_table_that_was_loaded_is_not_drawn_since_the_head_that_is_tied_to_it_is_missing():
    """The state of a body has no name of the head, which is the same tensor."""
    body, model = library.gpt2("GPT2Model"), library.gpt2()
    state = {f"transformer.{name}": value for name, value in body.state_dict().items()}
    told = model.load_state_dict(state, strict=False)
    assert told.missing_keys == ["lm_head.weight"]
    assert changed(model, missing=told)[1] == []
    assert torch.equal(model.lm_head.weight, body.wte.weight)
