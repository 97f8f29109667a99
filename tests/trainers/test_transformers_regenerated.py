"""A model of transformers that holds a Regenerated has it when it is loaded."""

import pytest
import torch
import transformers
from torch import nn

import fanwise.torch

pytestmark = pytest.mark.filterwarnings("ignore")


class Config(transformers.PretrainedConfig):
    model_type = "regenerated"


class Model(transformers.PreTrainedModel):
    config_class = Config

    def __init__(self, config):
        super().__init__(config)
        self.shared = fanwise.torch.Regenerated("kaiming_uniform", (64, 96), 3, "vera/A")
        self.head = nn.Linear(96, 64)
        self.post_init()


@pytest.mark.parametrize("how", [{}, {"dtype": torch.bfloat16}, {"device_map": "cpu"}], ids=str)
def test_it_comes_back(tmp_path, how):
    Model(Config()).save_pretrained(tmp_path)
    loaded = Model.from_pretrained(tmp_path, **how).shared.weight
    wanted = fanwise.torch.Regenerated(
        "kaiming_uniform", (64, 96), 3, "vera/A", dtype=how.get("dtype")
    )
    assert torch.equal(loaded, wanted.weight)
