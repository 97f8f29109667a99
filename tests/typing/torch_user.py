"""What a user of torch writes: a line marked as an error is one, and no other is."""

import torch
from torch import nn

import fanwise
import fanwise.torch as fanwise_torch

weight: torch.Tensor = fanwise_torch.he_normal_(torch.empty(8, 4), seed=0, path="dense/kernel")
fanwise_torch.kaiming_normal_(weight, 0.1, "fan_out", "relu", engine="native")
fanwise_torch.xavier_uniform_(weight, gain=2, generator=torch.Generator())
fanwise_torch.trunc_normal_(weight, std=0.02, a=-0.04, b=0.04).abs_()
fanwise_torch.init_(weight, "my_own_name", seed=0)
fanwise_torch.init_(weight, fanwise.scheme("normal", std=0.02), seed=0, axes="torch")
gain: float = fanwise_torch.calculate_gain("leaky_relu", 0.2)
linear: nn.Linear = fanwise_torch.set_initializer(nn.Linear(4, 2), "he_normal", seed=0, path="fc")
features: int = fanwise_torch.set_initializer(linear, bias="ones").out_features
summary = fanwise_torch.initialize(nn.Sequential(linear), "torch_default", seed=0, dry_run=True)
paths: list[str] = [row.path for row in summary.rows]
fanwise_torch.initialize(linear, {"fanwise": 1, "rule": []}, engine="native", only="*/kernel")
print(fanwise_torch.summary(linear), fanwise_torch.layer_check(linear, torch.ones(1, 4)))
fanwise_torch.register_layer(nn.Linear, lambda _: [fanwise_torch.LayerWeight("weight", "kernel")])

fanwise_torch.he_normal_(weight, seed="0")  # error: "seed"
fanwise_torch.he_normal_(weight, seed=0, pth="a")  # error: "pth"
fanwise_torch.he_normal_(weight, engine="nativ")  # error: "engine"
fanwise_torch.he_normal_([1.0, 2.0])  # error: "list[float]"
fanwise_torch.he_normal_()  # error: "tensor"
print(fanwise_torch.he_normal_(weight).no_such_attribute)  # error: no_such_attribute
fanwise_torch.kaiming_normal_(weight, a="0.1")  # error: "a"
fanwise_torch.sparse_(weight)  # error: "sparsity"
fanwise_torch.init_(weight, scheme=3)  # error: "scheme"
print(fanwise_torch.set_initializer(linear).bias.no_such_attribute)  # error: no_such_attribute
conv: nn.Conv1d = fanwise_torch.set_initializer(linear, seed=0)  # error: "Linear"
fanwise_torch.set_initializer(linear, weight="he_normal")  # error: "weight"
fanwise_torch.set_initializer(weight, "he_normal")  # error: "Tensor"
fanwise_torch.set_initializer(linear, engine="nativ")  # error: "engine"
fanwise_torch.initialize(linear, recipe=3, seed=0)  # error: "recipe"
fanwise_torch.initialize(linear, "gpt2", seed="0")  # error: "seed"
print(fanwise_torch.initialize(linear, "gpt2").no_such_attribute)  # error: no_such_attribute
fanwise_torch.LayerWeight("weight", "kernel", knd="dense")  # error: "knd"
fanwise_torch.no_such_function(weight)  # error: no_such_function
