"""Parameters that nobody writes, writes to copies, and writes past the guards are found."""

import pytest
from common.lint_sources import codes_of, lint_text


def module(init, more="", base="nn.Module"):
    """A module whose constructor ends with some lines, and which has some methods more."""
    lines = [
        f"class M({base}):",
        "    def __init__(self, n, *shape):",
        "        super().__init__()",
    ]
    lines += ["        " + line for line in init.splitlines()]
    lines += ["    " + line for line in more.splitlines()]
    return "\n".join(lines) + "\n"


UNWRITTEN = {
    "empty": module("self.w = nn.Parameter(torch.empty(n, n))"),
    "a shape": module("self.w = nn.Parameter(torch.empty((n, 3)))"),
    "a size": module("self.w = nn.Parameter(torch.empty(size=(n, 3)))"),
    "a dtype": module("self.w = nn.Parameter(torch.empty(n, dtype=torch.float32))"),
    "starred": module("self.w = nn.Parameter(torch.empty(*shape))"),
    "annotated": module("self.w: nn.Parameter = nn.Parameter(torch.empty(n))"),
    "Tensor": module("self.w = nn.Parameter(torch.Tensor(n, n))"),
    "Tensor of one size": module("self.w = nn.Parameter(torch.Tensor(3))"),
    "Tensor of a size": module("self.w = nn.Parameter(torch.Tensor(num_tags))"),
    "Tensor of features": module("self.w = nn.Parameter(torch.Tensor(self.out_features))"),
    "FloatTensor": module("self.w = nn.Parameter(torch.FloatTensor(n, 3))"),
    "empty_like": module("self.w = nn.Parameter(torch.empty_like(other))"),
    "new_empty": module("self.w = nn.Parameter(other.new_empty(n, 3))"),
    "on a device": module("self.w = nn.Parameter(torch.empty(n).cuda())"),
    "cast": module("self.w = nn.Parameter(torch.empty(n).to(torch.bfloat16))"),
    "registered": module("self.register_parameter('w', nn.Parameter(torch.empty(n)))"),
    "by a name": module("w = torch.empty(n, n)\nself.w = nn.Parameter(w)"),
    "a parameter by a name": module("w = nn.Parameter(torch.empty(n))\nself.w = w"),
    "a parameter registered by a name": module(
        "w = nn.Parameter(torch.empty(n))\nself.register_parameter('w', w)"
    ),
    "either": module("self.w = nn.Parameter(torch.empty(n)) if n else None"),
    "a list": module("self.w = nn.ParameterList([nn.Parameter(torch.empty(n)) for _ in shape])"),
    "imported": "from torch.nn import Module, Parameter\nfrom torch import empty\n"
    + module("self.w = Parameter(empty(n))", base="Module"),
    "another one is written": module(
        "self.w = nn.Parameter(torch.empty(n))\nself.v = nn.Parameter(torch.empty(n))\n"
        "nn.init.zeros_(self.v)"
    ),
    "read alone": module(
        "self.w = nn.Parameter(torch.empty(n))",
        "def forward(self, x):\n    return F.linear(x, self.w)",
    ),
    "only layers of torch are set": module(
        "self.weight = nn.Parameter(torch.empty(n, n))",
        "def _init_weights(self, m):\n    if isinstance(m, nn.Linear):\n"
        "        nn.init.normal_(m.weight)",
    ),
    "a reset that forgets it": module(
        "self.w = nn.Parameter(torch.empty(n))\nself.b = nn.Parameter(torch.empty(n))\n"
        "self.reset_parameters()",
        "def reset_parameters(self):\n    nn.init.zeros_(self.b)",
    ),
    "a model of transformers": "from transformers import PreTrainedModel\n"
    + module(
        "self.gate = nn.Parameter(torch.empty(n))",
        "def _init_weights(self, m):\n    if isinstance(m, nn.Linear):\n"
        "        nn.init.normal_(m.weight)",
        base="PreTrainedModel",
    ),
}
WRITTEN = {
    "by torch.nn.init": module("self.w = nn.Parameter(torch.empty(n))\nnn.init.zeros_(self.w)"),
    "in reset_parameters": module(
        "self.w = nn.Parameter(torch.empty(n))",
        "def reset_parameters(self):\n    nn.init.normal_(self.w)",
    ),
    "by a method": module("self.w = nn.Parameter(torch.empty(n))\nself.w.data.normal_()"),
    "by a chain": module("self.w = nn.Parameter(torch.empty(n))\nself.w.data[0].view(-1).fill_(1)"),
    "by assignment": module("self.w = nn.Parameter(torch.empty(n))\nself.w.data = torch.ones(n)"),
    "by elements": module("self.w = nn.Parameter(torch.empty(n))\nself.w.data[:] = 0"),
    "before it is one": module("w = torch.empty(n)\nnn.init.normal_(w)\nself.w = nn.Parameter(w)"),
    "as it is made": module("self.w = nn.Parameter(torch.empty(n).normal_())"),
    "as it is initialized": module("self.w = nn.Parameter(nn.init.ones_(torch.empty(n)))"),
    "zeros": module("self.w = nn.Parameter(torch.zeros(n))"),
    "values": module("self.w = nn.Parameter(torch.Tensor([1.0, 2.0]))"),
    "values that are given": module("self.w = nn.Parameter(torch.Tensor(values))"),
    "no element": module("self.w = nn.Parameter(torch.empty(0))"),
    "a loop": module(
        "self.w = nn.Parameter(torch.empty(n))\nfor p in self.parameters():\n    nn.init.zeros_(p)"
    ),
    "a loop by names": module(
        "self.w = nn.Parameter(torch.empty(n))\nfor name, p in self.named_parameters():\n"
        "    if 'w' in name:\n        nn.init.zeros_(p)"
    ),
    "a loop of attributes": module(
        "self.w = nn.Parameter(torch.empty(n))\nself.v = nn.Parameter(torch.empty(n))\n"
        "for p in (self.w, self.v):\n    nn.init.zeros_(p)"
    ),
    "a list of lists": module(
        "self.u = nn.ParameterList([nn.Parameter(torch.empty(n)) for _ in shape])\n"
        "lists = [self.u, self.v]\nfor i in range(2):\n    nn.init.zeros_(lists[i][0])"
    ),
    "a loop of a list": module(
        "self.u = nn.Parameter(torch.empty(n))\nlists = [self.u, self.v]\n"
        "for p in lists:\n    for i in range(n):\n        nn.init.zeros_(p[i])"
    ),
    "a loop of names": module(
        "self.wq = nn.Parameter(torch.empty(n))\n"
        "for name in ('wq', 'wk'):\n    nn.init.zeros_(getattr(self, name))"
    ),
    "_init_weights": module(
        "self.gate = nn.Parameter(torch.empty(n))",
        "def _init_weights(self, module):\n    if isinstance(module, M):\n"
        "        nn.init.normal_(module.gate)",
    ),
    "_init_weights of a parent": module("self.w = nn.Parameter(torch.empty(n))")
    + "class P(nn.Module):\n    def _init_weights(self, module):\n"
    "        if isinstance(module, M):\n            nn.init.normal_(module.w)\n",
    "a base here": "class B(nn.Module):\n    def reset(self):\n        nn.init.zeros_(self.w)\n"
    + module("self.w = nn.Parameter(torch.empty(n))", base="B"),
    "a base elsewhere": "from elsewhere import Layer\n"
    + module("self.w = nn.Parameter(torch.empty(n))", base="Layer"),
    "a function of one's own": module(
        "self.w = nn.Parameter(torch.empty(n))\nself.fill(self.w)",
        "def fill(self, w):\n    w.data.zero_()",
    ),
    "a function elsewhere": "from elsewhere import glorot\n"
    + module("self.w = nn.Parameter(torch.empty(n))\nglorot(self.w)"),
    "a function of the whole": "from elsewhere import init_module\n"
    + module("self.w = nn.Parameter(torch.empty(n))\ninit_module(self)"),
    "applied from elsewhere": "from elsewhere import start\n"
    + module("self.w = nn.Parameter(torch.empty(n))\nself.apply(start)"),
    "copied": module("self.w = nn.Parameter(torch.empty(n))\nself.w.copy_(torch.eye(n))"),
    "out": module("self.w = nn.Parameter(torch.empty(n))\ntorch.ones(n, out=self.w.data)"),
    "quantized": module(
        "self.w = nn.Parameter(torch.empty(n, dtype=torch.uint8), requires_grad=False)"
    ),
    "a name for it": module("self.w = nn.Parameter(torch.empty(n))\nw = self.w\nnn.init.zeros_(w)"),
    "from outside": module("self.w = nn.Parameter(torch.empty(n))")
    + "def build(n):\n    m = M(n)\n    m.w.data.fill_(1)\n    return m\n",
}
COPIES = {
    "float": "nn.init.orthogonal_(w.float())",
    "to": "nn.init.orthogonal_(self.w.to(torch.float32))",
    "clone": "nn.init.normal_(w.clone())",
    "clone, by a method": "w.clone().normal_()",
    "detached clone": "w.detach().clone().zero_()",
    "double": "nn.init.normal_(w.weight.double(), std=0.02)",
    "cpu": "nn.init.normal_(w.cpu())",
    "a part of a copy": "nn.init.normal_(w.float()[0])",
    "by a name": "def f(weight):\n    w = weight.float()\n    nn.init.orthogonal_(w)",
    "by the same name": "def f(w):\n    w = w.float()\n    nn.init.orthogonal_(w)",
    "by a name whose shape is read": (
        "def f(weight):\n    w = weight.float()\n    if w.ndim == 2:\n"
        "        nn.init.orthogonal_(w, gain=w.shape[0] ** 0.5)"
    ),
    "elements by a list": "self.w[[0, 2]].zero_()",
    "elements by a condition": "w[w > 2].fill_(0)",
    "JAX": "import jax.numpy as jnp\nw.at[0].set(1.0)",
}
ORIGINALS = {
    "itself": "nn.init.orthogonal_(w)",
    "its data": "nn.init.orthogonal_(w.data)",
    "a view": "nn.init.orthogonal_(w.view(3, -1))",
    "rows": "nn.init.orthogonal_(w[:3])",
    "a row": "w.data[0].zero_()",
    "returned": "def f(w):\n    return nn.init.orthogonal_(w.float())",
    "kept": "v = nn.init.orthogonal_(w.float())",
    "copied back": "def f(w):\n    v = w.float()\n    nn.init.orthogonal_(v)\n    w.data.copy_(v)",
    "copied back in one": "w.data.copy_(nn.init.orthogonal_(w.float()))",
    "a new tensor": "def f():\n    v = torch.ones(3).float()\n    nn.init.normal_(v)\n    return v",
    "a module": "model.float()\nnn.init.normal_(model.w)",
    "another function": "quantize_(model.to(device))",
    "Pallas": "from jax.experimental import pallas\nref.at[0].set(1.0)",
    "JAX, kept": "import jax.numpy as jnp\nw = w.at[0].set(1.0)",
}
PAST = {
    "normal_": "module.weight.data.normal_(mean=0.0, std=0.02)",
    "zero_": "module.bias.data.zero_()",
    "uniform_": "module.weight.data.uniform_(-0.1, 0.1)",
    "fill_": "module.weight.data.fill_(1.0)",
    "a row": "module.weight.data[module.padding_idx].zero_()",
    "detach": "module.weight.detach().normal_()",
}
METHODS = {
    "_init_weights": "class M(nn.Module):\n    def _init_weights(self, module):\n        {}",
    "init_weights": "class M(nn.Module):\n    def init_weights(self, module):\n        {}",
    "_initialize_weights": (
        "class M(nn.Module):\n    def _initialize_weights(self, module):\n        {}"
    ),
    "weights_init": "def weights_init(module):\n    {}",
    "init_bert_weights": "def init_bert_weights(module):\n    {}",
    "a condition": (
        "class M(nn.Module):\n    def _init_weights(self, module):\n"
        "        if isinstance(module, nn.Linear):\n            {}"
    ),
    "applied": "def start(module):\n    {}\nmodel.apply(start)",
    "asynchronous": "class M(nn.Module):\n    async def _init_weights(self, module):\n        {}",
}
GUARDED = {
    "torch.nn.init": "def _init_weights(module):\n    nn.init.normal_(module.weight)",
    "training": "def step(module):\n    module.weight.data.mul_(0.9)",
    "a reset": "class M(nn.Module):\n    def reset_parameters(self):\n        self.w.data.zero_()",
    "a constructor's part": (
        "class M(nn.Module):\n    def init_parameters(self):\n        self.w.data.zero_()"
    ),
    "a mark that is asked for": (
        "def _init_weights(module):\n"
        "    if not getattr(module.weight, '_is_hf_initialized', False):\n"
        "        module.weight.data.zero_()"
    ),
    "another data": "def _init_weights(module):\n    module.data.normalize()",
}


@pytest.mark.parametrize("text", UNWRITTEN.values(), ids=UNWRITTEN)
def test_a_parameter_that_nobody_writes_is_found(text):
    assert codes_of(text) == ["FW401"]


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_a_parameter_that_is_written_is_left_alone(text):
    assert "FW401" not in codes_of(text)


def test_the_parameter_and_its_class_are_named():
    (finding,) = lint_text(UNWRITTEN["another one is written"])
    assert finding.message.startswith("w of M is uninitialized memory")


@pytest.mark.parametrize("text", COPIES.values(), ids=COPIES)
def test_a_write_to_a_copy_is_found(text):
    assert codes_of(text) == ["FW402"]


@pytest.mark.parametrize("text", ORIGINALS.values(), ids=ORIGINALS)
def test_a_write_to_the_weight_itself_is_left_alone(text):
    assert codes_of(text) == []


@pytest.mark.parametrize("statement", PAST.values(), ids=PAST)
@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_a_write_past_the_guards_is_found(method, statement):
    assert codes_of(method.format(statement)) == ["FW403"]


def test_the_data_of_a_weight_is_found_where_the_mark_is_on_the_weight():
    text = "def _init_weights(module):\n    nn.init.normal_(module.weight.data, std=0.02)"
    assert codes_of(text) == []
    (finding,) = lint_text("from transformers import PreTrainedModel\n" + text)
    assert finding.code == "FW403"
    assert finding.fix.startswith("Write nn.init.normal_(module.weight,")


def test_a_scale_is_found_where_what_was_loaded_is_started_too():
    text = "def _init_weights(module):\n    module.weight.data.mul_(0.5)"
    assert codes_of(text) == []
    assert codes_of("from transformers import PreTrainedModel\n" + text) == ["FW403"]


@pytest.mark.parametrize("text", GUARDED.values(), ids=GUARDED)
def test_other_writes_through_data_are_left_alone(text):
    assert codes_of(text) == []
