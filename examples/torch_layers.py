"""Fanwise in PyTorch: the functions, whole layers, a summary, a shared layer."""

import torch
from torch import nn

import fanwise
import fanwise.torch as init

# In the place of torch.nn.init: the same names, and the same arguments.
weight = nn.Linear(6, 4).weight
init.kaiming_normal_(weight, nonlinearity="relu")
init.xavier_uniform_(weight, gain=init.calculate_gain("tanh"))
init.trunc_normal_(weight, std=0.02, a=-0.04, b=0.04)

# With a seed and a path the bits are those of every other framework.
init.he_normal_(weight, seed=0, path="dense/kernel")
kernel = fanwise.sample("he_normal", (6, 4), seed=0, path="dense/kernel")
print("equal to the transposed kernel of Keras:", bool((weight.detach().numpy() == kernel.T).all()))

# Without a seed torch.manual_seed governs, as ever.
torch.manual_seed(0)
first = init.lecun_uniform_(torch.empty(4, 6))
torch.manual_seed(0)
print("repeats after manual_seed:", torch.equal(first, init.lecun_uniform_(torch.empty(4, 6))))

# A layer knows more than its weight: transposed, grouped, packed, with a bias.
layer = init.set_initializer(nn.ConvTranspose2d(8, 4, 3, groups=2), "he_normal", seed=0, path="up")
print("standard deviation", round(layer.weight.std().item(), 4), "for the fan_in 36 =", 8 // 2 * 9)

# A network of 26 parameters, each layer with a scheme of its own.
network = nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 2))
init.set_initializer(network[0], "kaiming_normal", seed=0, path="first")
init.set_initializer(network[2], "xavier_normal", seed=0, path="second")
init.set_initializer(network[4], "torch_default", "torch_default", seed=0, path="output")
print()
print(init.summary(network))

# A layer that is used twice has one weight, and is one row.
shared = nn.Linear(4, 4)
twice = nn.Sequential(shared, nn.ReLU(), shared)
init.set_initializer(shared, "orthogonal", seed=0, path="shared")
print()
print(init.summary(twice))

# Batch normalization starts as the identity, by the layer or by the functions.
norm = init.set_initializer(nn.BatchNorm1d(3))
for tensor, fill_ in (
    (norm.weight, init.ones_),
    (norm.bias, init.zeros_),
    (norm.running_mean, init.zeros_),
    (norm.running_var, init.ones_),
):
    fill_(tensor)
print()
print("batch normalization:", {name: value.tolist() for name, value in norm.state_dict().items()})

# Any scheme of the catalogue, on any tensor, with the roles of its axes.
packed = init.init_(torch.empty(3 * 8, 8), "glorot_uniform", seed=0, axes="(3 out) in")
print("packed q, k, v within", round((6 / 16) ** 0.5, 4), "reach", round(packed.max().item(), 4))
