"""Fans that are not those of the layer are found."""

import pytest
from common.lint_sources import codes_of

KERAS = "import keras\nfrom keras import layers\n"
TRANSPOSED = {
    "isinstance": """
        def init_weights(m):
            if isinstance(m, nn.ConvTranspose2d):
                nn.init.kaiming_normal_(m.weight)
        """,
    "one of several": """
        def init_weights(m):
            if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
                nn.init.kaiming_normal_(m.weight, mode='fan_in')
        """,
    "a union": """
        def init_weights(m):
            if isinstance(m, nn.Conv1d | nn.ConvTranspose1d):
                nn.init.kaiming_uniform_(m.weight, a=0.2)
        """,
    "either": """
        def init_weights(m):
            if isinstance(m, nn.Conv1d) or isinstance(m, nn.ConvTranspose1d):
                nn.init.kaiming_uniform_(m.weight)
        """,
    "a name for several": """
        CONVS = (nn.Conv2d, nn.ConvTranspose2d)
        def init_weights(m):
            if isinstance(m, CONVS):
                nn.init.kaiming_uniform_(m.weight)
        """,
    "type": """
        def init_weights(m):
            if type(m) == nn.ConvTranspose3d:
                nn.init.kaiming_normal_(m.weight)
        """,
    "type in": """
        def init_weights(m):
            if type(m) in [nn.Linear, nn.ConvTranspose3d]:
                nn.init.kaiming_normal_(m.weight)
        """,
    "match": """
        def init_weights(m):
            match m:
                case nn.Conv2d() | nn.ConvTranspose2d():
                    nn.init.kaiming_normal_(m.weight)
        """,
    "the class's name": """
        def init_weights(m):
            if m.__class__.__name__ == "ConvTranspose2d":
                nn.init.kaiming_normal_(m.weight)
        """,
    "a word in the class's name": """
        def weights_init(m):
            classname = m.__class__.__name__
            if classname.find("ConvTranspose") != -1:
                nn.init.kaiming_normal_(m.weight.data)
        """,
    "its data": """
        def init_weights(m):
            if isinstance(m, nn.ConvTranspose2d):
                nn.init.kaiming_normal_(m.weight.data, nonlinearity='relu')
        """,
    "in a loop": """
        class M(nn.Module):
            def __init__(self):
                for m in self.modules():
                    if isinstance(m, torch.nn.ConvTranspose2d) and m.bias is not None:
                        torch.nn.init.kaiming_normal_(m.weight)
        """,
    "a layer of an object": """
        class M(nn.Module):
            def __init__(self):
                self.up = nn.ConvTranspose2d(8, 4, 2)
                nn.init.kaiming_normal_(self.up.weight)
        """,
    "a layer by a name": "up = nn.ConvTranspose1d(8, 4, 2)\nnn.init.kaiming_normal_(up.weight)",
    "imported": (
        "from torch.nn import ConvTranspose2d\nup = ConvTranspose2d(8, 4, 2)\n"
        "nn.init.kaiming_normal_(up.weight)"
    ),
    "lazy": "up = nn.LazyConvTranspose2d(4, 2)\nnn.init.kaiming_normal_(up.weight)",
    "a subclass": """
        class Up(nn.ConvTranspose2d):
            def reset_parameters(self):
                nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        """,
    "a subclass of a subclass": """
        class Base(nn.ConvTranspose2d):
            pass
        class Up(Base):
            def reset_parameters(self):
                nn.init.kaiming_uniform_(self.weight)
        """,
    "the function": """
        class Up(nn.Module):
            def __init__(self, i, o):
                self.kernel = nn.Parameter(torch.empty(i, o, 2, 2))
                nn.init.kaiming_normal_(self.kernel)
            def forward(self, x):
                return F.conv_transpose2d(x, self.kernel, stride=2)
        """,
    "fans themselves": """
        def init_weights(m):
            if isinstance(m, nn.ConvTranspose2d):
                fan_in, _ = nn.init._calculate_fan_in_and_fan_out(m.weight)
                nn.init.normal_(m.weight, std=fan_in ** -0.5)
        """,
    "timm's lecun": """
        from timm.layers import lecun_normal_
        def init_weights(m):
            if isinstance(m, nn.ConvTranspose2d):
                lecun_normal_(m.weight)
        """,
}
OTHER = {
    "a convolution": """
        def init_weights(m):
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight)
            elif isinstance(m, nn.ConvTranspose2d):
                nn.init.normal_(m.weight, std=0.02)
        """,
    "fan_out, which is right": """
        def init_weights(m):
            if isinstance(m, nn.ConvTranspose2d):
                nn.init.kaiming_normal_(m.weight, mode='fan_out')
        """,
    "both fans": """
        def init_weights(m):
            if isinstance(m, nn.ConvTranspose2d):
                nn.init.xavier_uniform_(m.weight)
        """,
    "the bias": """
        def init_weights(m):
            if isinstance(m, nn.ConvTranspose2d):
                nn.init.zeros_(m.bias)
        """,
    "not one": """
        def init_weights(m):
            if isinstance(m, nn.ConvTranspose2d):
                pass
            else:
                nn.init.kaiming_normal_(m.weight)
        """,
    "another layer of the object": """
        class M(nn.Module):
            def __init__(self):
                self.up = nn.ConvTranspose2d(8, 4, 2)
                self.down = nn.Conv2d(4, 8, 2)
                nn.init.kaiming_normal_(self.down.weight)
        """,
}
PACKED = {
    "in_proj_weight": "nn.init.xavier_uniform_(self.in_proj_weight)",
    "qkv": "nn.init.xavier_uniform_(self.qkv.weight)",
    "qkv_proj": "nn.init.xavier_normal_(self.attn.qkv_proj.weight)",
    "kv": "nn.init.xavier_uniform_(m.kv.weight)",
    "a gain of one": "nn.init.xavier_uniform_(self.qkv.weight, gain=1.0)",
    "fan_out": "nn.init.kaiming_normal_(self.qkv.weight, mode='fan_out')",
}
SEPARATE = {
    "q": "nn.init.xavier_uniform_(self.q_proj.weight)",
    "against it": "nn.init.xavier_uniform_(self.qkv.weight, gain=1 / math.sqrt(2))",
    "fan_in": "nn.init.kaiming_uniform_(self.qkv.weight, a=math.sqrt(5))",
    "parts": "for part in self.qkv.weight.chunk(3):\n    nn.init.xavier_uniform_(part)",
    "the bias": "nn.init.zeros_(self.qkv.bias)",
    "normal": "nn.init.normal_(self.qkv.weight, std=0.02)",
}
VECTORS = {
    "a layer's": """
        class M(nn.Module):
            def __init__(self):
                self.fc = nn.Linear(3, 4)
                nn.init.xavier_uniform_(self.fc.bias)
        """,
    "a module's": "def init_weights(m):\n    nn.init.kaiming_normal_(m.bias)",
    "one's own": """
        class M(nn.Module):
            def __init__(self, n):
                self.bias = nn.Parameter(torch.empty(n))
                nn.init.xavier_uniform_(self.bias)
        """,
}
MATRICES = {
    "a bias of two axes": """
        class M(nn.Module):
            def __init__(self, n):
                self.bias = nn.Parameter(torch.empty(1, n))
                nn.init.xavier_uniform_(self.bias)
        """,
    "of axes that are not known": """
        class M(Base):
            def reset_parameters(self):
                nn.init.xavier_uniform_(self.bias)
        """,
    "uniform": "nn.init.uniform_(m.bias, -0.1, 0.1)",
}


@pytest.mark.parametrize("text", TRANSPOSED.values(), ids=TRANSPOSED)
def test_fans_of_a_transposed_convolution_are_found(text):
    assert [code for code in codes_of(text) if code != "FW403"] == ["FW203"]


@pytest.mark.parametrize("text", PACKED.values(), ids=PACKED)
def test_fans_of_packed_projections_are_found(text):
    assert codes_of(text) == ["FW204"]


@pytest.mark.parametrize("text", VECTORS.values(), ids=VECTORS)
def test_fans_of_vectors_are_found(text):
    assert codes_of(text) == ["FW205"]


@pytest.mark.parametrize(
    "text",
    [*OTHER.values(), *SEPARATE.values(), *MATRICES.values()],
    ids=[*OTHER, *SEPARATE, *MATRICES],
)
def test_other_fans_are_left_alone(text):
    assert codes_of(text) == []


@pytest.mark.parametrize(
    ("initializer", "found"),
    [
        ("'he_normal'", ["FW203"]),
        ("'lecun_uniform'", ["FW203"]),
        ("keras.initializers.HeNormal()", ["FW203"]),
        ("'glorot_uniform'", []),
        ("keras.initializers.RandomNormal(stddev=0.02)", []),
    ],
)
def test_one_fan_of_a_transposed_convolution_of_keras_is_found(initializer, found):
    text = f"layers.Conv2DTranspose(8, 3, kernel_initializer={initializer})"
    assert codes_of(text, KERAS) == found
