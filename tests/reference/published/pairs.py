"""Known answers of joint schemes: the equations of their code, on the words of the stream.

PEFT's own code and that of the authors were run on the same numbers, and gave the same to 1e-14.
"""

from __future__ import annotations

import math

import numpy as np

from reference import stream, structured

PEFT = "huggingface/peft 0.21.2, src/peft/tuners/lora/layer.py, orthogonal_init"
MIMETIC = "Trockman & Kolter 2023, arXiv:2305.09828, section 3"
ORTHO_LIKE = (
    "osiriszjq/structured_init, pytorch-image-models/timm/models/vision_transformer.py, "
    "get_ortho_like, commit 48b59c3; arXiv:2305.09828, section 3"
)
PEFT_RAN = (
    "ran it in float64 with the Gaussians of the stream, and as Q the rotation of SPEC 10.2; "
    "this is its transcription"
)
MIMETIC_RAN = (
    "ran it in float64 with dist='normal' on the normals of the stream; signs of singular pairs "
    "as SPEC says; this is its transcription"
)
MIMETIC_DEPARTS = (
    "The code draws uniform noise unless it is told dist='normal', and writes the factors of value "
    "and output into the weights of nn.Linear as they are, which are transposes of the paper's."
)
VALUES = {"rtol": 1e-10, "atol": 1e-12}


def answers():
    """Return the known answers, as the file holds them."""
    return [*_lora(), *_mimetic(), *_products()]


def _normals(shape, path, purpose):
    key, law = stream.key(0, path, purpose), ("normal", 0.0, 1.0)
    size = math.prod(shape)
    drawn = [stream.value(i, key=key, law=law, dtype="float64") for i in range(size)]
    return np.array(drawn).reshape(shape)


def _answer(scheme, params, shape, axes, path, source, obtained, expect, departs=""):
    return {
        "scheme": scheme,
        "params": params,
        "shape": shape,
        "axes": axes,
        "path": path,
        "source": source,
        "obtained": obtained,
        "departs": departs,
        "expect": expect,
    }


def _lora():
    inputs, outputs, rank, layer = 5, 6, 4, "layer"
    paths = [f"{layer}/lora_{member}/default/kernel" for member in "AB"]
    rotation = structured.orthonormal(_normals((rank, rank), layer, "rotation"))
    first = (_normals((inputs, rank // 2), paths[0], "a") @ rotation[0::2]).T / 10
    second = _normals((rank // 2, outputs), paths[1], "b").T @ rotation[1::2] / 10
    for member, path, made in zip("ab", paths, (first, second), strict=True):
        yield _answer(
            f"lora_orthogonal_{member}", {}, list(made.shape), "torch", path, PEFT, PEFT_RAN,
            {"values": made.tolist(), **VALUES},
        )  # fmt: skip


def _mimetic():
    width, heads, layer = 8, 2, "attention"
    for members, purpose, count, factor, identity in (
        (("query", "key"), "query_key", heads, 0.7, 0.7),
        (("value", "out"), "value_out", 1, 0.4, -0.4),
    ):
        each = width // count
        noise = _normals((count, width, width), layer, purpose) / math.sqrt(width)
        key = stream.key(0, layer, f"{purpose}_signs")
        signs = [1 if stream.word(key, i) >> 31 else -1 for i in range(count * each)]
        halves = [[], []]
        for head in range(count):
            product = factor * noise[head] + identity * np.eye(width)
            left, values, right = np.linalg.svd(product)
            pair = left[:, :each] * np.sqrt(values[:each]), right[:each].T * np.sqrt(values[:each])
            turned = np.sign(left[0, :each]) * signs[head * each : (head + 1) * each]
            for half, made in zip(halves, pair, strict=True):
                half.append(made * turned)
        for member, half in zip(members, halves, strict=True):
            made = np.concatenate(half, axis=1)
            yield _answer(
                f"mimetic_{member}", {"heads": heads} if count > 1 else {}, [width, width],
                "kernel", f"{layer}/{member}/kernel", ORTHO_LIKE, MIMETIC_RAN,
                {"values": (made.T if member == "out" else made).tolist(), **VALUES},
                departs=MIMETIC_DEPARTS,
            )  # fmt: skip


def _products():
    """Yield what two weights of a layer are to come to, whatever they are."""
    lora = {"scheme": "lora_orthogonal_b", "shape": [32, 40], "path": "q/lora_kernel_b", "value": 0}
    yield _answer(
        "lora_orthogonal_a", {}, [64, 32], "kernel", "q/lora_kernel_a", PEFT,
        "B A = 0, and both of full rank, as it gives too",
        {"properties": {"rank": 16, "product": lora}},
    )  # fmt: skip
    no_noise = {"noise_scale": 0.0, "identity_scale": -1.0}
    out = {"scheme": "mimetic_out", "params": no_noise, "shape": [24, 24], "path": "a/out/kernel"}
    yield _answer(
        "mimetic_value", no_noise, [24, 24], "kernel", "a/value/kernel", MIMETIC,
        "the product of value and output is -beta I where alpha is 0",
        {"properties": {"singular_values": 1.0, "product": {**out, "value": 1}}},
    )  # fmt: skip
