"""The bundled recipes of vision, on the models of the libraries that they are for."""

import diffusers
import keras
import numpy as np
import pytest
import torch
import transformers
from common import keras_hub_models as hub
from common import torch_models
from common import transformers_models as library
from keras import ops

import fanwise
import fanwise.keras
import fanwise.torch

#: A transformer of two layers, by the names of transformers.
VIT = {
    "hidden_size": 8,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 12,
    "image_size": 32,
    "patch_size": 8,
}
CONVNEXT = {"hidden_sizes": [8, 16], "depths": [1, 2], "num_stages": 2}
SWIN = {"embed_dim": 16, "depths": [2, 2], "num_heads": [2, 4], "window_size": 4}
DIT = {"num_layers": 2, "num_attention_heads": 2, "attention_head_dim": 32, "norm_num_groups": 4}
UNET = {"block_out_channels": [8, 8], "layers_per_block": 1, "norm_num_groups": 4}
DOWN = ["DownBlock2D", "AttnDownBlock2D"]
UP = ["AttnUpBlock2D", "UpBlock2D"]


def of_transformers(name, **config):
    cls = getattr(transformers, name)
    return cls(cls.config_class(**config))


def beit(name, **options):
    return of_transformers(f"Beit{name}", **VIT, **options)


def convnext(name):
    return of_transformers(f"ConvNext{name}", **CONVNEXT)


def swin(name, **options):
    return of_transformers(f"Swin{name}", image_size=32, patch_size=4, **SWIN, **options)


def efficientnet(name):
    small = {"width_coefficient": 0.25, "depth_coefficient": 0.25, "image_size": 32}
    return of_transformers(f"EfficientNet{name}", **small)


MODELS = {
    "vit": (library.vit, torch_models.timm_vit, torch_models.ViT),
    "vit_timm": (library.vit, torch_models.timm_vit, torch_models.ViT),
    "vit_timm_jax": (library.vit, torch_models.timm_vit, torch_models.ViT),
    "vit_timm_moco": (library.vit, torch_models.timm_vit, torch_models.ViT),
    "vit_torchvision": (library.vit, torch_models.timm_vit, torch_models.ViT),
    "vit_transformers": (library.vit, torch_models.timm_vit, torch_models.ViT),
    "beit": (
        lambda: beit("Model", use_shared_relative_position_bias=True, use_mask_token=True),
        lambda: beit("ForImageClassification", use_relative_position_bias=True),
        lambda: beit("ForMaskedImageModeling", use_absolute_position_embeddings=True),
    ),
    "convnext": (
        lambda: convnext("Model"),
        lambda: convnext("ForImageClassification"),
        lambda: convnext("V2ForImageClassification"),
    ),
    "swin": (
        lambda: swin("Model", use_absolute_embeddings=True),
        lambda: swin("ForImageClassification"),
        lambda: swin("v2ForImageClassification"),
    ),
    "efficientnet": (
        lambda: efficientnet("Model"),
        lambda: efficientnet("ForImageClassification"),
    ),
    "dit": (lambda: diffusers.DiTTransformer2DModel(**DIT, num_embeds_ada_norm=4),),
    "unet": (
        lambda: diffusers.UNet2DModel(
            **UNET, down_block_types=DOWN, up_block_types=UP, num_class_embeds=3
        ),
    ),
}
CASES = [(name, make) for name, makes in MODELS.items() for make in makes]


@pytest.mark.parametrize(("name", "make"), CASES)
def test_a_recipe_fits_the_models_of_its_architecture(name, make):
    plan = fanwise.torch.initialize(make(), name, seed=0, dry_run=True)
    assert plan.problems == ()


def outputs_of_torch(model, name, size, **variables):
    fanwise.torch.initialize(model, name, seed=3, **variables)
    images = fanwise.sample("normal", (2, size, size, 3), seed=1)
    with torch.no_grad():
        return model.eval()(torch.tensor(np.moveaxis(images, -1, 1)))


def outputs_of_keras(model, name, size, **variables):
    fanwise.keras.initialize(model, name, seed=3, **variables)
    images = fanwise.sample("normal", (2, size, size, 3), seed=1)
    return ops.convert_to_numpy(model(images, training=False))


def assert_one_function(outputs, expected):
    assert expected.std() > 0.1
    np.testing.assert_allclose(outputs, expected, rtol=0, atol=1e-5 * np.abs(expected).max())


def test_a_convnext_of_torch_and_one_of_keras_are_one_function():
    variables = {"std": 0.1, "layer_scale": 0.5}
    model = of_transformers("ConvNextForImageClassification", num_labels=10)
    expected = outputs_of_torch(model, "convnext", 64, **variables).logits.numpy()
    other = keras.applications.ConvNeXtTiny(
        weights=None,
        classes=10,
        input_shape=(64, 64, 3),
        classifier_activation=None,
        include_preprocessing=False,
    )
    assert_one_function(outputs_of_keras(other, "convnext", 64, **variables), expected)


# keras_hub's masks are lost on the way.
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_swin_of_torch_and_one_of_keras_are_one_function():
    variables = {"std": 0.5, "relative_position_std": 0.5}
    outputs = outputs_of_torch(swin("Model"), "swin", 32, **variables)
    other = hub.models.SwinTransformerBackbone(
        image_shape=(32, 32, 3), patch_size=4, drop_path=0.0, **SWIN
    )
    expected = outputs.last_hidden_state.numpy()
    assert_one_function(
        outputs_of_keras(other, "swin", 32, **variables).reshape(expected.shape), expected
    )


def test_an_efficientnet_of_keras_has_one_naming_with_timm():
    other = keras.applications.EfficientNetB0(weights=None, classes=5, input_shape=(32, 32, 3))
    plan = fanwise.keras.initialize(other, "efficientnet", seed=0, dry_run=True)
    expected = {row.path: row.expected for row in plan.rows}
    # √(2 / fan_out), of a depthwise convolution of one of its channels; U(±1/√5).
    assert expected["blocks/1/1/dwconv/kernel"] == pytest.approx((2 / 9) ** 0.5)
    assert expected["blocks/6/0/project_conv/kernel"] == pytest.approx((2 / 320) ** 0.5)
    assert expected["head/kernel"] == pytest.approx((1 / 5 / 3) ** 0.5)


def test_a_dit_starts_as_the_identity():
    model = diffusers.DiTTransformer2DModel(**DIT, num_embeds_ada_norm=4)
    fanwise.torch.initialize(model, "dit", seed=0)
    weights = dict(model.named_parameters())
    zeros = {name for name, values in weights.items() if not values.any()}
    assert zeros >= {"proj_out_1.weight", "proj_out_2.weight"}
    assert "transformer_blocks.1.norm1.linear.weight" in zeros
    # By hand: patches of 2 × 2 as a matrix, (4 · 4, 64); three of (64, 64) as one.
    bounds = {"pos_embed.proj": (6 / (16 + 64)) ** 0.5}
    bounds["transformer_blocks.0.attn1.to_k"] = (6 / (64 + 3 * 64)) ** 0.5
    for name, bound in bounds.items():
        largest = weights[f"{name}.weight"].abs().max().item()
        assert 0.98 * bound < largest <= bound
    table = "transformer_blocks.0.norm1.emb.class_embedder.embedding_table.weight"
    assert weights[table].std().item() == pytest.approx(0.02, rel=0.2)


def test_the_branches_of_a_unet_start_almost_at_zero():
    model = diffusers.UNet2DModel(**UNET, down_block_types=DOWN, up_block_types=UP)
    report = fanwise.torch.initialize(model, "unet", seed=0)
    expected = {row.path: row.expected for row in report.rows}
    # √(scale / the average fan), 8 · 9 here.
    assert expected["mid_block/resnets/0/conv1/kernel"] == pytest.approx((1 / 72) ** 0.5)
    assert expected["mid_block/resnets/0/conv2/kernel"] == pytest.approx((1e-10 / 72) ** 0.5)
    assert expected["mid_block/attentions/0/to_out/0/kernel"] == pytest.approx((1e-10 / 8) ** 0.5)
    assert expected["conv_out/kernel"] < 1e-5
