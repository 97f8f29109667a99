"""What parameters of no known layer are taken for, by names, classes, shapes and code.

The rows are parameters of transformers, timm, diffusers, torchvision and PyG as they are.
"""

import pytest

from fanwise.adapters.guesses.parameters import guess_parameter
from fanwise.spec.axes import layout
from fanwise.spec.fans import fans

NORM, ONE_PLUS = "norm", "norm/one_plus"
SCALE, TOKEN = "parameter/layer_scale", "parameter/token"
POSITION, RELATIVE = "parameter/position", "parameter/relative_position"

#: Class, parameter, shape; then role and kind.
NAMED = [
    ("LlamaRMSNorm", "weight", (64,), "scale", NORM),
    ("T5LayerNorm", "weight", (64,), "scale", NORM),
    ("MambaRMSNormGated", "weight", (64,), "scale", NORM),
    ("Gemma3nRMSNorm", "weight", (64,), "scale", NORM),
    ("Gemma4RMSNorm", "weight", (64,), "scale", NORM),
    ("RmsNorm2dFp32", "weight", (64,), "scale", NORM),
    ("EvoNorm2dB0", "weight", (64,), "scale", NORM),
    ("EvoNorm2dB0", "bias", (64,), "offset", NORM),
    ("WanRMS_norm", "gamma", (64, 1, 1, 1), "scale", NORM),
    ("NoNorm", "bias", (64,), "offset", NORM),
    ("GraphNorm", "mean_scale", (64,), "scale", NORM),
    ("CohereLayerNorm", "weight", (4, 8), "scale", NORM),
    ("HeteroBatchNorm", "weight", (3, 8), "scale", NORM),
    ("DynamicTanh", "gamma", (64,), "scale", NORM),
    ("DynamicTanh", "beta", (64,), "offset", NORM),
    ("GemmaRMSNorm", "weight", (64,), "scale", ONE_PLUS),
    ("Gemma2RMSNorm", "weight", (64,), "scale", ONE_PLUS),
    ("Gemma3RMSNorm", "weight", (64,), "scale", ONE_PLUS),
    ("T5Gemma2RMSNorm", "weight", (64,), "scale", ONE_PLUS),
    ("RecurrentGemmaRMSNorm", "weight", (64,), "scale", ONE_PLUS),
    ("Qwen3NextRMSNorm", "weight", (64,), "scale", ONE_PLUS),
    ("Qwen3_5MoeRMSNorm", "weight", (64,), "scale", ONE_PLUS),
    ("MuseSparkTextCenteredRMSNorm", "weight", (64,), "scale", ONE_PLUS),
    ("QwenImage21ZeroCenterRMSNorm", "weight", (64,), "scale", ONE_PLUS),
    ("ConvNextV2GRN", "weight", (1, 1, 1, 64), "scale", ONE_PLUS),
    ("ConvNextV2GRN", "bias", (1, 1, 1, 64), "offset", NORM),
    ("GlobalResponseNorm", "gamma", (1, 1, 64), "scale", ONE_PLUS),
    ("BeitLayer", "lambda_1", (64,), "", SCALE),
    ("Dinov2LayerScale", "lambda1", (64,), "", SCALE),
    ("MimiLayerScale", "scale", (64,), "", SCALE),
    ("LayerScale", "gamma", (64,), "", SCALE),
    ("ConvNeXtBlock", "gamma", (64,), "", SCALE),
    ("XCABlock", "gamma3", (64,), "", SCALE),
    ("CNBlock", "layer_scale", (64, 1, 1), "", SCALE),
    ("DinatLayer", "layer_scale_parameters", (2, 64), "", SCALE),
    ("ResBlock", "ls1", (64,), "", SCALE),
    ("Sam2VideoMemoryFuserCXBlock", "scale", (64,), "", SCALE),
    ("ViTEmbeddings", "cls_token", (1, 1, 64), "", TOKEN),
    ("VisionTransformerDistilled", "dist_token", (1, 1, 64), "", TOKEN),
    ("VisionTransformer", "reg_token", (1, 4, 64), "", TOKEN),
    ("CLIPVisionEmbeddings", "class_embedding", (64,), "", TOKEN),
    ("VisionTransformer", "class_token", (1, 1, 64), "", TOKEN),
    ("Wav2Vec2Model", "masked_spec_embed", (64,), "", TOKEN),
    ("SegGptEmbeddings", "type_token_semantic", (1, 1, 1, 64), "", TOKEN),
    ("Blip2Model", "query_tokens", (1, 32, 64), "", TOKEN),
    ("SiglipMultiheadAttentionPoolingHead", "probe", (1, 1, 64), "", TOKEN),
    ("PerceiverEmbeddings", "latents", (16, 64), "", TOKEN),
    ("VisionTransformer", "pos_embed", (1, 197, 64), "", POSITION),
    ("Encoder", "pos_embedding", (1, 197, 64), "", POSITION),
    ("ViTEmbeddings", "position_embeddings", (1, 197, 64), "", POSITION),
    ("Gemma4VisionPatchEmbedder", "position_embedding_table", (2, 100, 64), "", POSITION),
    ("SwinTransformer", "absolute_pos_embed", (1, 49, 64), "", POSITION),
    ("Hiera", "pos_embed_temporal", (1, 8, 64), "", POSITION),
    ("TNT", "patch_pos", (1, 197, 64), "", POSITION),
    ("PositionalEncoding", "temporal_pos", (8, 64), "", POSITION),
    ("WindowAttention", "relative_position_bias_table", (169, 4), "", RELATIVE),
    ("SamVisionAttention", "rel_pos_h", (27, 8), "", RELATIVE),
    ("LevitAttention", "attention_biases", (4, 16), "", RELATIVE),
    ("VitsAttention", "emb_rel_k", (1, 9, 8), "", RELATIVE),
    ("PosEmbedRel", "height_rel", (27, 8), "", RELATIVE),
    ("EvaAttention", "q_bias", (64,), "bias", "parameter"),
]

#: What has a name or class much like these, and is something else.
UNKNOWN = [
    ("ScaleNorm", "g", (1,)),  # starts with a length
    ("L2Norm", "weight", (64,)),
    ("WeightNorm", "g", (64,)),
    ("NormFreeBlock", "skipinit_gain", ()),
    ("SnakeBeta", "beta", (64,)),
    ("EvoNorm2dB0", "v", (64,)),
    ("FilterResponseNormTlu2d", "tau", (64,)),
    ("PAM_Module", "gamma", (1,)),
    ("Mamba2Mixer", "A_log", (64,)),
    ("Mamba2Mixer", "dt_bias", (64,)),
    ("CLIPModel", "logit_scale", ()),
    ("GptOssAttention", "sinks", (4,)),
    ("SamPositionalEmbedding", "positional_embedding", (2, 64)),
    ("SeamlessM4Tv2TextToUnitDecoder", "pos_emb_alpha", (1,)),
    ("DiffLlamaAttention", "lambda_q1", (8,)),
    ("MiniMaxMusic3ConditionEncoder", "layer_scale", (1,)),
    ("DPTDiffusion", "class_embedding", (10, 64)),  # maybe of ten classes
    ("SelectTopK", "weight", (1, 64)),
    ("CsmCodebooksHead", "weight", (3, 64, 32)),
    ("Conv1d", "weight", (64, 32, 5)),
    ("VQEmbedding", "weight", (64, 32)),
    ("Inkling2DynamicShortConvolution", "static_weight", (4, 64)),
]


def guess(cls, name, shape, siblings=None, **evidence):
    return guess_parameter(f"a.{cls}", name, shape, siblings or {name: shape}, "torch", **evidence)


@pytest.mark.parametrize(("cls", "name", "shape", "role", "kind"), NAMED)
def test_what_a_name_in_a_class_says(cls, name, shape, role, kind):
    found = guess(cls, name, shape)
    assert (found.role, found.kind) == (role, kind)
    assert name in found.why or cls in found.why
    layout(shape, found.axes)


@pytest.mark.parametrize(("cls", "name", "shape"), UNKNOWN)
def test_what_names_do_not_say_is_not_guessed(cls, name, shape):
    found = guess(cls, name, shape)
    assert (found.role, found.kind, found.axes) == ("", "parameter", "torch")
    assert not found.readings
    assert not found.why


def test_a_gain_beside_an_offset_is_not_that_of_a_branch():
    shapes = {"gamma": (64,), "beta": (64,)}
    assert guess("FiLMLayer", "gamma", (64,), shapes).kind == "parameter"


def test_the_role_of_a_name_stays_where_nothing_is_guessed():
    assert guess("Router", "scale", (64,)).role == "scale"
    assert guess("Head", "bias", (64,)).role == "bias"
    assert guess("Head", "kernel", (64,)).role == ""
    assert guess("Memory", "embedding", (64, 8)) == guess("Other", "embedding", (64, 8))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("return x * self.weight", NORM),
        ("return self._norm(x) * self.weight.float() + 1e-6", NORM),
        ("return x * (1 + self.weight)", ONE_PLUS),
        ("return x * (1.0 + self.weight.float())", ONE_PLUS),
        ("return F.rms_norm(x, weight=self.weight + 1.0, eps=self.eps)", ONE_PLUS),
        ("return (x * r * (self.weight.to(x.dtype) + 1)).to(t)", ONE_PLUS),
    ],
)
@pytest.mark.parametrize("cls", ["GemmaRMSNorm", "MyRMSNorm"])
def test_the_code_of_a_norm_goes_before_its_name(cls, code, kind):
    assert guess(cls, "weight", (64,), source=code).kind == kind


@pytest.mark.parametrize(("flag", "kind"), [(True, ONE_PLUS), (False, NORM)])
def test_a_flag_says_that_a_norm_adds_one(flag, kind):
    code = "gamma = self.gamma + float(self.unit_offset)"
    attributes = {"unit_offset": flag}
    found = guess("MoonshineLayerNorm", "gamma", (64,), attributes=attributes, source=code)
    assert found.kind == kind


#: Attributes of a layer, and the shape of its weight; then its axes.
LINEAR = [
    ({"in_features": 64, "out_features": 192}, (192, 64), "out in"),
    ({"nx": 64, "nf": 192}, (64, 192), "in out"),
    ({"in_channels": 64, "out_channels": 192}, (64, 192), "in out"),
    ({"in_channels": 64, "out_channels": 1}, (1, 64), "out in"),
    ({"input_size": 8, "output_size": 6, "num_experts": 4}, (4, 6, 8), "batch out in"),
    ({"group_in_dim": 8, "group_out_dim": 6}, (4, 8, 6), "batch in out"),
]


@pytest.mark.parametrize(("attributes", "shape", "axes"), LINEAR)
def test_a_layer_says_which_axis_is_which(attributes, shape, axes):
    found = guess("Linear", "weight", shape, attributes=attributes)
    assert (found.role, found.axes, found.kind.partition("/")[0]) == ("kernel", axes, "dense")


@pytest.mark.parametrize(("shape", "axes"), [((64, 192), "in out"), ((192, 64), "out in")])
@pytest.mark.parametrize(
    "names", [("weight", "bias"), ("kernel", "bias"), ("w_proj", "w_proj_bias")]
)
def test_a_bias_is_as_long_as_the_outputs(shape, axes, names):
    shapes = dict(zip(names, (shape, (192,)), strict=True))
    kernel, bias = (guess("Linear", name, shapes[name], shapes) for name in names)
    assert (kernel.role, kernel.kind, kernel.axes) == ("kernel", "dense", axes)
    assert (bias.role, bias.kind, bias.beside) == ("bias", "dense", names[0])
    assert fans(shape, kernel.axes) == (64, 192)


def test_a_bias_of_another_length_stands_beside_nothing():
    shapes, sizes = {"weight": (64, 192), "bias": (3,)}, {"nx": 64, "nf": 192}
    assert guess("Linear", "bias", (3,), shapes, attributes=sizes).beside is None
    assert guess("Linear", "weight", (64, 192), shapes, attributes=sizes).role == "kernel"
    assert guess("Linear", "weight", (64, 192), shapes).role == ""


def test_a_matrix_in_a_norm_is_no_gain_beside_an_offset_of_another_shape():
    shapes = {"weight": (4, 8), "bias": (8,)}
    assert guess("ConditionalLayerNorm", "weight", (4, 8), shapes).kind != NORM


@pytest.mark.parametrize(
    ("code", "axes"),
    [
        ("return F.linear(x, self.weight)", "out in"),
        ("return F.linear(x.to(self.weight.dtype), self.weight, self.bias)", "out in"),
        ("y = nn.functional.linear(f(x, 1), self.weight.type(torch.float32))", "out in"),
        ("return x @ self.weight.T", "out in"),
        ("y = torch.bmm(x, self.weight.transpose(1, 2))", "out in"),
        ("return x @ self.weight", "in out"),
        ("x = torch.addmm(self.bias, x.view(-1, x.size(-1)), self.weight)", "in out"),
        ("return torch.matmul(self.norm(x), self.weight) + 1", "in out"),
    ],
)
def test_the_product_in_the_code_reads_even_a_square_matrix(code, axes):
    found = guess("Mixer", "weight", (64, 64), source=code)
    assert (found.role, found.axes) == ("kernel", axes)
    assert "product" in found.why


@pytest.mark.parametrize(
    "code", ["", "return F.linear(x, self.weight) @ self.weight", "return self.mix(x, self.weight)"]
)
def test_where_two_readings_differ_none_is_made(code):
    found = guess("Mixer", "weight", (64, 64), source=code)
    assert (found.role, found.axes, found.kind) == ("", "torch", "parameter")
    assert found.readings == ("in out", "out in")


def test_evidence_that_contradicts_itself_is_none():
    attributes = {"in_features": 64, "out_features": 192}
    found = guess(
        "Linear", "weight", (192, 64), attributes=attributes, source="return x @ self.weight"
    )
    assert (found.role, found.readings) == ("", ("in out", "out in"))


def test_a_known_class_reads_a_square_matrix():
    shapes = {"weight": (64, 64), "bias": (64,)}
    found = guess_parameter("transformers.pytorch_utils.Conv1D", "weight", (64, 64), shapes)
    assert (found.role, found.axes) == ("kernel", "in out")


MIXTRAL = {"gate_up_proj": (4, 96, 32), "down_proj": (4, 32, 48)}
GPT_OSS = {
    "gate_up_proj": (4, 32, 96),
    "gate_up_proj_bias": (4, 96),
    "down_proj": (4, 48, 32),
    "down_proj_bias": (4, 32),
}
SIZES = {"num_experts": 4, "hidden_size": 32, "intermediate_size": 48}


@pytest.mark.parametrize("attributes", [SIZES, {"num_experts": 4}])
def test_experts_are_batches_of_kernels(attributes):
    for shapes, into, out in (
        (MIXTRAL, "batch (2 out) in", "batch out in"),
        (GPT_OSS, "batch in (2 out)", "batch in out"),
    ):
        found = {
            n: guess("Experts", n, s, shapes, attributes=attributes) for n, s in shapes.items()
        }
        assert {guess.kind for guess in found.values()} == {"dense/experts"}
        assert (found["gate_up_proj"].axes, found["down_proj"].axes) == (into, out)
        assert fans(shapes["gate_up_proj"], into) == (32, 48)
        assert fans(shapes["down_proj"], out) == (48, 32)
    assert found["gate_up_proj_bias"].axes == "batch (2 out)"
    assert found["down_proj_bias"].axes == "batch out"
    assert found["down_proj_bias"].beside == "down_proj"


def test_a_square_half_of_an_expert_is_read_by_the_other():
    shapes = {"gate_up_proj": (4, 32, 64), "down_proj": (4, 32, 32)}
    sizes = {"num_experts": 4, "hidden_size": 32, "intermediate_size": 32}
    found = guess("Experts", "down_proj", (4, 32, 32), shapes, attributes=sizes)
    assert (found.role, found.axes) == ("kernel", "batch in out")


def test_square_experts_are_not_guessed():
    shapes = {"up_proj": (4, 32, 32), "down_proj": (4, 32, 32)}
    sizes = {"num_experts": 4, "hidden_size": 32, "intermediate_size": 32}
    for name in shapes:
        found = guess("Experts", name, (4, 32, 32), shapes, attributes=sizes)
        assert (found.role, found.readings) == ("", ("batch in out", "batch out in"))


def test_a_router_has_an_output_for_each_expert():
    found = guess("TopKRouter", "weight", (4, 32), attributes={"num_experts": 4})
    assert (found.role, found.kind, found.axes) == ("kernel", "dense", "out in")
    assert guess("TopKRouter", "weight", (4, 32)).role == ""
    assert guess("TopKRouter", "weight", (32, 32), attributes={"num_experts": 32}).readings
