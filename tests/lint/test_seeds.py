"""Seeds that are salted, or the same for every tensor, are found."""

import pytest
from common.lint_sources import codes_of

SALTED = {
    "manual_seed": "torch.manual_seed(hash(name))",
    "cut": "torch.manual_seed(hash(name) % 2**32)",
    "absolute": "torch.manual_seed(abs(hash(name)) & 0xFFFFFFFF)",
    "a generator": "g = torch.Generator().manual_seed(hash(name))",
    "NumPy": "import numpy as np\nrng = np.random.default_rng(abs(hash(path)))",
    "NumPy's old": "import numpy as np\nnp.random.seed(hash(name) % 2**32)",
    "a sequence": "import numpy as np\nrng = np.random.default_rng([seed, abs(hash(name))])",
    "random": "import random\nrandom.seed(hash(key))",
    "Random": "import random\nr = random.Random(hash((name, 3)))",
    "JAX": "import jax\nkey = jax.random.PRNGKey(hash(name))",
    "JAX's new": "import jax\nkey = jax.random.key(hash(name) & 0x7FFFFFFF)",
    "fold_in": "import jax\nkey = jax.random.fold_in(key, hash(name))",
    "a keyword": "init_tensor(shape, seed=hash(name))",
    "Keras": "import keras\nkeras.initializers.HeNormal(seed=hash(name) % 2**31)",
    "an f-string": "torch.manual_seed(hash(f'{prefix}.{name}'))",
    "a literal": "torch.manual_seed(hash('embedding'))",
    "a name for it": "seed = hash(name) % 2**32\ntorch.manual_seed(seed)",
    "another name for it": "h = hash(name)\ntorch.manual_seed(h % 2**32)",
    "with another seed": "torch.manual_seed(base_seed + hash(name))",
    "mixed in": "layer_seed = base ^ hash(name)",
    "added to": "seed = 3\nseed += hash(name)",
    "returned": "def seed_for(name):\n    return hash(name) % (1 << 32)",
    "in a loop": (
        "for name, p in model.named_parameters():\n"
        "    torch.manual_seed(hash(name))\n"
        "    nn.init.normal_(p)"
    ),
}
UNSALTED = {
    "no seed": "index = hash(name) % buckets",
    "__hash__": "class A:\n    def __hash__(self):\n        return hash(self.name)",
    "of numbers": "torch.manual_seed(hash((1, 2)))",
    "of a tensor": "torch.manual_seed(hash(tuple(sample.tolist())))",
    "another hash": "from zlib import crc32 as hash\ntorch.manual_seed(hash(name))",
    "one's own": "def hash(x):\n    return 3\ntorch.manual_seed(hash(name))",
    "crc32": "import zlib\ntorch.manual_seed(zlib.crc32(name.encode()))",
    "hashlib": "import hashlib\nseed = int(hashlib.sha256(name.encode()).hexdigest(), 16)",
    "a key of a dictionary": "key = hash(name)\ncache[key] = value",
}
REPEATED = {
    "parameters": "for p in model.parameters():\n    torch.manual_seed(0)\n    nn.init.normal_(p)",
    "named parameters": (
        "for name, p in model.named_parameters():\n"
        "    torch.manual_seed(seed)\n"
        "    p.data.normal_(0, 0.02)"
    ),
    "a generator": (
        "for p in model.parameters():\n"
        "    g = torch.Generator().manual_seed(42)\n"
        "    p.data.normal_(generator=g)"
    ),
    "a generator in place": (
        "for p in model.parameters():\n"
        "    nn.init.normal_(p, generator=torch.Generator().manual_seed(seed))"
    ),
    "modules": (
        "def init_all(model):\n"
        "    for m in model.modules():\n"
        "        if isinstance(m, nn.Linear):\n"
        "            torch.manual_seed(0)\n"
        "            nn.init.xavier_uniform_(m.weight)"
    ),
    "shapes": (
        "import numpy as np\n"
        "weights = {}\n"
        "for name, shape in shapes.items():\n"
        "    rng = np.random.default_rng(0)\n"
        "    weights[name] = rng.normal(size=shape)"
    ),
    "a comprehension": (
        "import jax\n"
        "w = {n: jax.random.normal(jax.random.PRNGKey(0), s) for n, s in shapes.items()}"
    ),
    "NumPy's old": (
        "import numpy as np\n"
        "for layer in layers:\n"
        "    np.random.seed(0)\n"
        "    layer.w = np.random.normal(size=layer.shape)"
    ),
    "_init_weights": (
        "class M(nn.Module):\n"
        "    def _init_weights(self, module):\n"
        "        torch.manual_seed(42)\n"
        "        nn.init.normal_(module.weight)"
    ),
    "_init_weights of a setting": (
        "class M(nn.Module):\n"
        "    def _init_weights(self, module):\n"
        "        torch.manual_seed(self.seed)\n"
        "        nn.init.normal_(module.weight)"
    ),
    "applied": (
        "def setup(m):\n    torch.manual_seed(0)\n    nn.init.normal_(m.weight)\nmodel.apply(setup)"
    ),
    "a function of a weight": (
        "def make_weight(shape):\n"
        "    g = torch.Generator().manual_seed(0)\n"
        "    return torch.randn(shape, generator=g)"
    ),
    "JAX's function of a weight": (
        "import jax\n"
        "def init_layer(n_in, n_out):\n"
        "    key = jax.random.PRNGKey(0)\n"
        "    return jax.random.normal(key, (n_in, n_out))"
    ),
    "a constant of the module": (
        "SEED = 0\n"
        "def init_linear(module):\n"
        "    torch.manual_seed(SEED)\n"
        "    nn.init.normal_(module.weight)"
    ),
    "in a row": (
        "class M(nn.Module):\n"
        "    def __init__(self):\n"
        "        torch.manual_seed(0)\n"
        "        nn.init.normal_(self.a)\n"
        "        torch.manual_seed(0)\n"
        "        nn.init.normal_(self.b)"
    ),
    "generators in a row": (
        "nn.init.normal_(a, generator=torch.Generator().manual_seed(0))\n"
        "nn.init.normal_(b, generator=torch.Generator().manual_seed(0))"
    ),
}
DIFFERENT = {
    "once": "torch.manual_seed(0)\nfor p in model.parameters():\n    nn.init.normal_(p)",
    "by index": (
        "for i, p in enumerate(model.parameters()):\n"
        "    torch.manual_seed(seed + i)\n"
        "    nn.init.normal_(p)"
    ),
    "by name": (
        "for name, p in model.named_parameters():\n"
        "    torch.manual_seed(zlib.crc32(name.encode()))\n"
        "    nn.init.normal_(p)"
    ),
    "counted": (
        "for p in model.parameters():\n"
        "    torch.manual_seed(seed)\n"
        "    seed += 1\n"
        "    nn.init.normal_(p)"
    ),
    "drawn": (
        "for p in model.parameters():\n    torch.manual_seed(next(seeds))\n    nn.init.normal_(p)"
    ),
    "trials": "for trial in range(3):\n    torch.manual_seed(0)\n    train(model)",
    "data": (
        "import numpy as np\n"
        "for size in sizes:\n"
        "    rng = np.random.default_rng(0)\n"
        "    run(rng.normal(size=size))"
    ),
    "a whole model": (
        "class M(nn.Module):\n"
        "    def init_weights(self):\n"
        "        torch.manual_seed(0)\n"
        "        nn.init.normal_(self.a)\n"
        "        nn.init.normal_(self.b)"
    ),
    "a seed that is given": (
        "def make_weight(shape, seed):\n"
        "    g = torch.Generator().manual_seed(seed)\n"
        "    return torch.randn(shape, generator=g)"
    ),
    "one after the other": (
        "torch.manual_seed(0)\nnn.init.normal_(a)\ntorch.manual_seed(1)\nnn.init.normal_(b)"
    ),
    "in functions of their own": (
        "def test_a():\n    torch.manual_seed(0)\n    nn.init.normal_(w)\n"
        "def test_b():\n    torch.manual_seed(0)\n    nn.init.normal_(w)"
    ),
}


@pytest.mark.parametrize("text", SALTED.values(), ids=SALTED)
def test_a_hash_for_a_seed_is_found(text):
    assert codes_of(text) == ["FW301"]


@pytest.mark.parametrize("text", UNSALTED.values(), ids=UNSALTED)
def test_other_hashes_are_left_alone(text):
    assert codes_of(text) == []


@pytest.mark.parametrize("text", REPEATED.values(), ids=REPEATED)
def test_one_seed_for_every_tensor_is_found(text):
    assert [code for code in codes_of(text) if code != "FW403"] == ["FW302"]


@pytest.mark.parametrize("text", DIFFERENT.values(), ids=DIFFERENT)
def test_seeds_that_differ_are_left_alone(text):
    assert codes_of(text) == []
