"""``fanwise schemes --search``: what fits, the best first, with the reasons and the line to use."""

import json

import pytest

import fanwise
from fanwise.commands.scheme_search import search_schemes
from fanwise.commands.search_words import phrases, wanted_by, wanted_of
from fanwise.spec.catalogue import catalogue
from fanwise.spec.gallery_entries import words_of

EVERY_WORD = {word for kind in ("role", "architecture", "activation") for word in words_of(kind)}


def found(run, *arguments):
    done = run("schemes", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["schemes"]


def test_phrases_mean_what_the_gallery_has_words_for():
    assert {word for meant in phrases().values() for word in meant} <= EVERY_WORD


@pytest.mark.parametrize(
    ("text", "meanings", "words", "layers", "shape"),
    [
        ("I have a SwiGLU block of depth 32",
         {"mlp.gate", "mlp.up", "mlp.down", "silu", "swiglu", "transformer"}, (), 32, None),
        ("LSTM forget gate", {"rnn", "gate", "bias"}, ("lstm",), None, None),
        ("24-layer vision transformer", {"transformer"}, (), 24, None),
        ("embeddings of 50257x768", {"embedding"}, (), None, "50257x768"),
        ("μP readout", {"head"}, ("up",), None, None),
        ("Mamba2 A_log, L = 48", {"state_space"}, ("mamba2", "a_log"), 48, None),
        ("a 10,000-layer CNN", {"cnn"}, (), 10000, None),
        ("what is the best init?", set(), (), None, None),
    ],
)  # fmt: skip
def test_words_are_read_as_people_mean_them(text, meanings, words, layers, shape):
    wanted = wanted_by(text)
    assert {*wanted.meanings} == meanings
    assert (wanted.words, wanted.layers, wanted.shape) == (words, layers, shape)


def test_a_role_that_is_asked_for_goes_before_those_of_the_words():
    wanted = wanted_of("SwiGLU", {"role": "down projection"}, 12)
    assert [word for word in wanted.meanings if word in words_of("role")] == ["mlp.down"]
    assert wanted.layers == 12


def test_a_block_has_schemes_for_each_of_its_weights(run):
    rows = found(run, "--search", "I have a SwiGLU block of depth 32")
    assert {row["role"] for row in rows} == {"mlp.gate", "mlp.up", "mlp.down"}
    for row in rows:
        assert row["reasons"]
        assert eval(row["code"], {"fanwise": fanwise}).family == row["name"]
    assert 'fanwise.scheme("scaled_residual", layers=32)' in {row["code"] for row in rows}
    for role in ("mlp.gate", "mlp.up", "mlp.down"):
        points = [row["points"] for row in rows if row["role"] == role]
        assert points == sorted(points, reverse=True)


def test_the_depth_is_filled_in_where_a_scheme_takes_it(monkeypatch):
    deep = [name for name, entry in catalogue().entries.items() if "layers" in entry.parameters]
    for one in search_schemes(wanted_by("transformer of depth 32"), most=99):
        takes = one.scheme.family in deep
        assert ("takes layers=32" in one.reasons) == takes
        assert not takes or one.scheme["layers"] == 32


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (("--search", "Keras default"), "glorot_uniform"),
        (("--search", "kaiming"), "he_normal"),
        (("--search", "convolutions before a ReLU"), "he_normal"),
        (("--activation", "selu", "--architecture", "mlp"), "lecun_normal"),
        (("--role", "scale", "--search", "RMSNorm"), "ones"),
        (("--role", "embedding", "--architecture", "transformer"), "normal"),
        (("--search", "dynamical isometry of 10,000-layer convolutions"), "delta_orthogonal"),
        (("he_*", "--search", "relu"), "he_normal"),
        (("--search", "orthogonal LSTM"), "orthogonal"),
        (("--search", "recurrent weights of a GRU"), "orthogonal"),
        (("--search", "lora b"), "zeros"),
        (("--search", "LoRA"), "lora_a"),
        (("--search", "bias for a rare positive class"), "prior_bias"),
        (("--search", "imbalanced classification, sigmoid bias"), "prior_bias"),
        (("--search", "RoPE for long context"), "rotary_yarn"),
        (("--search", "ViT"), "truncated_normal"),
        (("--search", "DiT"), "zeros"),
        (("--search", "diffusion unet"), "ddpm"),
        (("--search", "LSTM forget gate"), "forget_bias"),
    ],
)
def test_what_fits_best_is_first(run, arguments, first):
    assert found(run, *arguments)[0]["name"] == first


def test_the_router_of_a_mixture_of_experts_is_found(run):
    names = [row["name"] for row in found(run, "--search", "MoE router")]
    assert names == ["normal", "switch_moe"]


def test_what_has_no_meaning_on_a_shape_is_left_out(run):
    words = ("--search", "dynamical isometry")
    names = {row["name"] for row in found(run, *words)}
    assert "delta_orthogonal" in names
    on_shape = {row["name"] for row in found(run, *words, "--shape", "512,256")}
    assert on_shape == names - {"delta_orthogonal"}


def test_a_page_has_the_line_to_use_and_what_shows_the_rest(run):
    done = run("schemes", "--search", "SwiGLU", "--shape", "4096,11008")
    assert '\n  fanwise.scheme("normal", std=0.02)\n' in done.stdout
    assert "std=0.02 as an example" in done.stdout
    assert " --shape 4096,11008" in done.stdout
    assert "mlp.gate, mlp.up" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--role", "mlp.don"), "Did you mean 'mlp.down'"),
        (("--activation", "rellu"), "Did you mean 'relu'"),
        (("--search", "the"), "Name a model"),
        (("--search", "qqqq"), "Say it in other words"),
        (("--search", ""), "Name a model"),
        (("--layers", "0"), "a whole number from 1 as --layers"),
        (("--search", "relu", "--shape", "a,b"), "a shape"),
        (("qqqq", "--search", "relu"), "a pattern of the names"),
    ],
)
def test_a_wrong_search_is_told(told, arguments, words):
    assert words in told("schemes", *arguments)
