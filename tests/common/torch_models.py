"""Models in plain torch, with the names of their originals."""

import importlib.util
import sys
from collections import OrderedDict
from pathlib import Path

import torch
from torch import nn

EXAMPLE = Path(__file__).parents[2] / "examples" / "torch_gpt2.py"


def gpt2():
    """The module of the example."""
    name = "fanwise_example_gpt2"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, EXAMPLE)
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


class EncoderBlock(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.self_attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.ln_2 = nn.LayerNorm(width)
        drop = nn.Dropout(0.0)
        self.mlp = nn.Sequential(
            nn.Linear(width, hidden), nn.GELU(), drop, nn.Linear(hidden, width), drop
        )


class Encoder(nn.Module):
    def __init__(self, length, layers, width, heads, hidden):
        super().__init__()
        self.pos_embedding = nn.Parameter(torch.empty(1, length, width))
        blocks = [(f"encoder_layer_{i}", EncoderBlock(width, heads, hidden)) for i in range(layers)]
        self.layers = nn.Sequential(OrderedDict(blocks))
        self.ln = nn.LayerNorm(width)


class ViT(nn.Module):
    """The parameters of torchvision's ``vit_b_16``."""

    def __init__(
        self, layers=12, width=768, heads=12, hidden=3072, image=224, patch=16, classes=1000
    ):
        super().__init__()
        self.conv_proj = nn.Conv2d(3, width, patch, patch)
        self.class_token = nn.Parameter(torch.zeros(1, 1, width))
        self.encoder = Encoder((image // patch) ** 2 + 1, layers, width, heads, hidden)
        self.heads = nn.Sequential(OrderedDict([("head", nn.Linear(width, classes))]))


def tree(layers):
    """The layers, each below the modules that its dotted name says."""
    root = nn.Module()
    for name, layer in layers.items():
        *above, last = name.split(".")
        module = root
        for part in above:
            if part not in module._modules:
                module.add_module(part, nn.Module())
            module = module._modules[part]
        add = module.register_parameter if isinstance(layer, nn.Parameter) else module.add_module
        add(last, layer)
    return root


def timm_vit(width=24, hidden=48, length=17, patch=4, classes=5):
    """The parameters of timm's ``VisionTransformer``, of one layer."""
    return tree(
        {
            "cls_token": nn.Parameter(torch.ones(1, 1, width)),
            "pos_embed": nn.Parameter(torch.ones(1, length, width)),
            "patch_embed.proj": nn.Conv2d(3, width, patch, patch),
            "blocks.0.norm1": nn.LayerNorm(width),
            "blocks.0.attn.qkv": nn.Linear(width, 3 * width),
            "blocks.0.attn.proj": nn.Linear(width, width),
            "blocks.0.norm2": nn.LayerNorm(width),
            "blocks.0.mlp.fc1": nn.Linear(width, hidden),
            "blocks.0.mlp.fc2": nn.Linear(hidden, width),
            "norm": nn.LayerNorm(width),
            "head": nn.Linear(width, classes),
        }
    )


def transformers_4_vit(width=24, hidden=48, length=17, patch=4, classes=5):
    """The parameters of the ``ViTForImageClassification`` of transformers 4, of one layer."""
    layer = "vit.encoder.layer.0"
    query, key, value = (nn.Linear(width, width) for _ in range(3))
    return tree(
        {
            "vit.embeddings.cls_token": nn.Parameter(torch.ones(1, 1, width)),
            "vit.embeddings.position_embeddings": nn.Parameter(torch.ones(1, length, width)),
            "vit.embeddings.patch_embeddings.projection": nn.Conv2d(3, width, patch, patch),
            f"{layer}.attention.attention.query": query,
            f"{layer}.attention.attention.key": key,
            f"{layer}.attention.attention.value": value,
            f"{layer}.attention.output.dense": nn.Linear(width, width),
            f"{layer}.intermediate.dense": nn.Linear(width, hidden),
            f"{layer}.output.dense": nn.Linear(hidden, width),
            f"{layer}.layernorm_before": nn.LayerNorm(width),
            f"{layer}.layernorm_after": nn.LayerNorm(width),
            "vit.layernorm": nn.LayerNorm(width),
            "classifier": nn.Linear(width, classes),
        }
    )


class Bottleneck(nn.Module):
    def __init__(self, inputs, width, *, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.downsample = nn.Sequential(
            nn.Conv2d(inputs, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width)
        )

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = torch.relu(self.bn2(self.conv2(y)))
        return torch.relu(self.downsample(x) + self.bn3(self.conv3(y)))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.layer1 = nn.Sequential(Bottleneck(8, 4))
        self.layer2 = nn.Sequential(Bottleneck(16, 8, stride=2))
        self.fc = nn.Linear(32, 10)


class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = None
        if inputs != width:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet18(nn.Module):
    """torchvision's, by its names."""

    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = nn.Sequential(BasicBlock(64, 64, 1), BasicBlock(64, 64, 1))
        self.layer2 = nn.Sequential(BasicBlock(64, 128, 2), BasicBlock(128, 128, 1))
        self.layer3 = nn.Sequential(BasicBlock(128, 256, 2), BasicBlock(256, 256, 1))
        self.layer4 = nn.Sequential(BasicBlock(256, 512, 2), BasicBlock(512, 512, 1))
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


class Gain(nn.Module):
    """A norm of one's own."""

    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(width))


class LlamaLayer(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        names = ("q_proj", "k_proj", "v_proj", "o_proj")
        self.self_attn = nn.ModuleDict({n: nn.Linear(width, width, bias=False) for n in names})
        self.mlp = nn.ModuleDict(
            {
                "gate_proj": nn.Linear(width, hidden, bias=False),
                "up_proj": nn.Linear(width, hidden, bias=False),
                "down_proj": nn.Linear(hidden, width, bias=False),
            }
        )
        self.input_layernorm = Gain(width)
        self.post_attention_layernorm = nn.RMSNorm(width)


class Llama(nn.Module):
    def __init__(self, layers=2, width=8, hidden=12, tokens=20):
        super().__init__()
        self.model = nn.ModuleDict(
            {
                "embed_tokens": nn.Embedding(tokens, width),
                "layers": nn.ModuleList(LlamaLayer(width, hidden) for _ in range(layers)),
                "norm": Gain(width),
            }
        )
        self.lm_head = nn.Linear(width, tokens, bias=False)
