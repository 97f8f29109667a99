"""The law of a weight is found by its values, and the scheme by its scale on all shapes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from common.drawn_builds import Drawn, build, builds_of, dense

from fanwise.adapters.captures import captured
from fanwise.adapters.recipes import planned_weights
from fanwise.spec.fans import Fans
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme
from fanwise.spec.weights import Start

#: Shapes that tell all fans from each other.
SIZES = ((64, 96), (96, 40), (200, 64), (33, 150))


def laws_of(recipe, weights):
    """Return the law that a recipe gives to each weight, by its path."""
    plans = planned_weights(recipe, weights, framework="torch").plans
    return {stored.weight.path: planned.resolved.law for stored, planned in plans}


def init_of(weights, count=4):
    """Return the start of a model of which all weights have one."""
    found = captured(builds_of(weights, count), "torch")
    assert not found.unresolved
    (init,) = {str(dict(rule.init)): dict(rule.init) for rule in found.recipe.rules}.values()
    return init


@pytest.mark.parametrize(
    "given",
    [
        scheme("torch_default"),
        scheme("lecun_uniform"),
        scheme("glorot_uniform"),
        scheme("he_uniform"),
        scheme("lecun_normal"),
        scheme("glorot_normal"),
        scheme("he_normal"),
        scheme("xavier_normal"),
        scheme("kaiming_normal"),
        scheme("kaiming_normal", mode="fan_out"),
        scheme("kaiming_uniform", mode="fan_out"),
        scheme("normal", std=0.02),
        scheme("uniform", low=-0.05, high=0.05),
        scheme("uniform", low=0.0, high=1.0),
        scheme("normal", mean=1.0, std=0.02),
        scheme("truncated_normal", std=0.02, corrected=False),
        scheme("truncated_normal", std=0.02, low=-3.0, high=3.0, corrected=False),
        scheme("variance_scaling", scale=0.1, mode="fan_avg"),
        scheme("variance_scaling", scale=2.0, mode="fan_out"),
        scheme("orthogonal"),
        scheme("orthogonal", gain=math.sqrt(2)),
        scheme("sparse", sparsity=0.1),
    ],
    ids=str,
)
def test_a_scheme_of_the_catalogue_is_found_on_several_shapes(given: Scheme) -> None:
    weights = [dense(f"layer_{n}/dense", given, *sizes) for n, sizes in enumerate(SIZES)]
    found = captured(builds_of(weights), "torch")
    assert not found.unresolved
    stored = build(weights, 9)
    for path, law in laws_of(found.recipe, stored).items():
        (drawn,) = (weight for weight in weights if weight.path == path)
        expected = given.law(drawn.shape, drawn.axes)
        assert type(law) is type(expected)
        assert law.std == pytest.approx(expected.std, rel=1e-6)
        assert law.mean == pytest.approx(expected.mean, abs=1e-9)
    assert len(found.recipe.rules) == 1


@pytest.mark.parametrize(
    ("std", "written"),
    [
        (lambda w: math.sqrt(2 / (5 * w.fans.fan_in)), "sqrt(0.4 / fan_in)"),
        (lambda w: 1 / math.sqrt(w.fans.fan_in), "1 / sqrt(fan_in)"),
        (lambda w: 0.5 / math.sqrt(w.fans.fan_out), "0.5 / sqrt(fan_out)"),
        (lambda w: 1 / w.fans.fan_in, "1 / fan_in"),
        (lambda w: 2 / w.fans.fan_in, "2 / fan_in"),
    ],
)
def test_a_number_over_a_fan_is_written_as_an_expression(std, written) -> None:
    def start(random, weight):
        return random.normal(0, std(weight), weight.shape)

    weights = [dense(f"layer_{n}/dense", start, *sizes) for n, sizes in enumerate(SIZES)]
    init = init_of(weights)
    assert init == {"scheme": "normal", "std": written} or (
        written == "0.5 / sqrt(fan_out)" and init["std"] == "sqrt(0.25 / fan_out)"
    )


@pytest.mark.parametrize(
    ("divisor", "written"),
    [
        (lambda i, n: math.sqrt(2 * n), "0.02 / sqrt(2 * i_count)"),
        (lambda i, n: math.sqrt(2 * (i + 1)), "0.02 / sqrt(2 * (i + 1))"),
        (lambda i, n: i + 1, "0.02 / (i + 1)"),
    ],
)
def test_a_scale_by_depth_is_written_with_the_number_of_the_layer(divisor, written) -> None:
    count = 6
    weights = [
        dense(f"blocks/{i}/{name}", scheme("normal", std=std), 96, 96)
        for i in range(count)
        for name, std in (("up", 0.02), ("down", 0.02 / divisor(i, count)))
    ]
    found = captured(builds_of(weights), "torch")
    rules = {rule.match: dict(rule.init) for rule in found.recipe.rules}
    assert rules["**/blocks/<i>/down/kernel"] == {"scheme": "normal", "std": written}
    assert rules[None] == {"scheme": "normal", "std": 0.02}


@pytest.mark.parametrize("width", [256, 512, 1024])
def test_the_outputs_of_a_mup_are_over_the_width(width: int) -> None:
    weights = [dense("head", scheme("normal", std=1 / width), width, 10)]
    assert init_of(weights) == {"scheme": "normal", "std": "1 / fan_in"}


def test_what_is_declared_is_not_written_by_a_fan_that_is_so_by_chance() -> None:
    """0.02 / sqrt(8) is 0.08 / sqrt(128), and 128 is sqrt(64 · 256)."""
    start = scheme("normal", std=0.02 / math.sqrt(8))
    init = init_of([dense("w", start, 256, 64, own=Start(start))])
    assert init == {"scheme": "normal", "std": "0.01 / sqrt(2)"}


def test_the_layers_of_a_siren_have_one_rule() -> None:
    def start(random, weight):
        inputs = weight.fans.fan_in
        end = 1 / inputs if weight.path.startswith("0") else math.sqrt(6 / inputs) / 30
        return random.uniform(-end, end, weight.shape)

    sizes = [(2, 256), (256, 256), (256, 256), (256, 256), (256, 3)]
    weights = [dense(f"{n}", start, *size) for n, size in enumerate(sizes)]
    first, hidden = captured(builds_of(weights), "torch").recipe.rules
    assert (first.match, hidden.role) == ("0/kernel", "kernel")
    assert hidden.init["high"] == "sqrt(6 / fan_in) / 30"


@pytest.mark.parametrize("name", ["xavier_normal", "xavier_uniform"])
@pytest.mark.parametrize("layers", [6, 12])
def test_the_gains_of_a_deepnorm_are_of_the_number_of_layers(name: str, layers: int) -> None:
    gains = {"q": 1.0, "v": (8 * layers) ** -0.25, "up": (8 * layers) ** -0.25}
    weights = [
        dense(f"layers/{i}/{part}", scheme(name, gain=gain), 128, 256 if part == "up" else 128)
        for i in range(layers)
        for part, gain in gains.items()
    ]
    found = captured(builds_of(weights), "torch")
    texts = {rule.init.get("gain") for rule in found.recipe.rules}
    assert texts == {None, "1 / (8 * i_count) ^ 0.25"}


@pytest.mark.parametrize("outputs", [2744, 512, 222])
def test_a_scheme_over_a_fan_is_likelier_than_a_number_that_nobody_writes(outputs: int) -> None:
    given = scheme("kaiming_normal", mode="fan_out")
    weight = Drawn("0/kernel", given, (outputs, 64, 3, 3), "out in *", kind="conv")
    assert init_of([weight]) == {"scheme": "kaiming_normal", "mode": "fan_out"}


def test_small_biases_get_the_bound_of_the_kernel_beside_them() -> None:
    biases = [
        Drawn(
            f"blocks/{i}/bias",
            scheme("torch_default"),
            (8,),
            "out",
            "bias",
            more={"beside": Fans(size, 8)},
        )
        for i, size in enumerate((16, 40, 100))
    ]
    assert init_of(biases) == {"scheme": "torch_default"}


def test_the_gates_of_a_recurrence_are_told_from_one_matrix() -> None:
    gates = [
        Drawn(f"{n}/kernel", scheme("orthogonal"), (4 * size, size), "(4 out) in", kind="lstm")
        for n, size in enumerate((24, 40))
    ]
    found = captured(builds_of(gates), "torch")
    assert [(rule.init["scheme"], rule.batch) for rule in found.recipe.rules] == [
        ("orthogonal", None)
    ]

    def joint(random, weight):
        rows, columns = weight.shape
        matrix, _ = np.linalg.qr(random.normal(size=(rows, columns)))
        return matrix

    whole = [
        Drawn(f"{n}/kernel", joint, (4 * size, size), "(4 out) in", kind="lstm")
        for n, size in enumerate((24, 40))
    ]
    found = captured(builds_of(whole), "torch")
    assert [(rule.init["scheme"], rule.batch) for rule in found.recipe.rules] == [
        ("orthogonal", "out")
    ]


@pytest.mark.parametrize("law", ["laplace", "logistic", "exponential"])
def test_what_is_of_no_law_of_the_catalogue_stays_and_is_named(law: str) -> None:
    weight = dense("odd", lambda random, w: getattr(random, law)(size=w.shape))
    found = captured(builds_of([weight, dense("plain", scheme("normal", std=0.02))]), "torch")
    assert [(left.path, left.reason) for left in found.unresolved] == [
        ("odd/kernel", "the values are of no law of the catalogue")
    ]
    assert found.resolved == 0.5
    assert "odd/kernel" not in laws_of(
        found.recipe, build([weight], 0) + build([dense("plain", scheme("normal", std=0.02))], 0)
    )


def test_a_clamped_normal_law_is_not_called_a_truncated_one() -> None:
    weight = dense("w", lambda random, w: np.clip(random.normal(0, 1, w.shape), -2, 2))
    found = captured(builds_of([weight]), "torch")
    assert "again and again" in found.unresolved[0].reason


def test_rows_that_are_always_zero_are_no_part_of_a_law_that_is_known() -> None:
    def padded(random, weight):
        values = random.normal(0, 0.02, weight.shape)
        values[0] = 0
        return values

    weight = Drawn("e/embedding", padded, (50, 32), role="embedding", kind="embedding")
    found = captured(builds_of([weight]), "torch")
    assert found.unresolved[0].reason == "2.0% of the values are 0 under every seed"


def test_what_a_layer_declares_tells_a_few_values() -> None:
    own = Start(scheme("normal", std=0.05), text="RandomNormal(0.05)")
    few = Drawn("token", own.scheme, (1, 5), "in out", "", "parameter", {"own": own})
    found = captured(builds_of([few, dense("w", scheme("uniform", low=-0.1, high=0.1))]), "keras")
    assert not found.unresolved
    assert {rule.init["scheme"] for rule in found.recipe.rules} == {"normal", "uniform"}
    other = Start(scheme("normal", std=5.0))
    contradicted = Drawn("token", own.scheme, (1, 5), "in out", "", "parameter", {"own": other})
    found = captured(builds_of([contradicted]), "keras")
    assert found.unresolved[0].reason == "20 values are too few to tell a law"


def test_places_of_two_declared_starts_are_told_apart() -> None:
    def layer(block: int, name: int) -> Drawn:
        start = scheme("normal", std=0.02 / (1 + name))
        return dense(f"block_{block}/Dense_{name}", start, own=Start(start))

    weights = [layer(block, name) for block in range(4) for name in range(2)]
    found = captured(builds_of(weights), "flax")
    stds = {rule.init["scheme"]: rule for rule in found.recipe.rules}
    assert set(stds) == {"normal"}
    laws = laws_of(found.recipe, build(weights, 0))
    assert {path[-8]: law.std for path, law in laws.items()} == {"0": 0.02, "1": 0.01}


def test_what_is_worked_out_of_other_weights_starts_as_declared_and_is_named() -> None:
    own = Start(None, text="PEFT's start of it", keeps=True)
    weight = Drawn(
        "q/lora_magnitude_vector/default/weight",
        lambda random, w: random.normal(3, 0.1, w.shape),
        (64,),
        "out",
        "",
        "parameter",
        {"own": own},
    )
    found = captured(builds_of([weight, dense("w", scheme("he_normal"))]), "torch")
    assert [left.reason for left in found.unresolved] == [own.text]
    (rule,) = (rule for rule in found.recipe.rules if rule.init["scheme"] == "own")
    assert "lora_" in rule.match
    assert f"own: {own.text}; it starts models of the same classes alone" in rule.comment


def test_numbers_far_from_1_are_told() -> None:
    for std in (1e-20, 1e20):
        assert init_of([dense("w", scheme("normal", std=std))]) == {"scheme": "normal", "std": std}


@pytest.mark.parametrize("seed", range(20))
def test_what_is_drawn_by_a_scheme_is_not_rejected(seed: int) -> None:
    """The laws that were found judge twenty fresh builds each, and reject none of them."""
    weights = [
        *(dense(f"a/{n}", scheme("he_normal"), *sizes) for n, sizes in enumerate(SIZES)),
        *(dense(f"b/{n}", scheme("torch_default"), *sizes) for n, sizes in enumerate(SIZES)),
        dense("c", scheme("normal", std=0.0371), 90, 91),
    ]
    found = captured([build(weights, 100 * seed + n) for n in range(3)], "torch")
    laws = laws_of(found.recipe, build(weights, 0))
    for drawn in weights:
        expected = drawn.start.law(drawn.shape, drawn.axes)
        assert type(laws[drawn.path]) is type(expected)
        assert laws[drawn.path].std == pytest.approx(expected.std, rel=0.02)


@pytest.mark.parametrize(
    ("end", "written"),
    [(1 / 3, "1 / 3"), (math.sqrt(5 / 7), "sqrt(5 / 7)"), (0.0123456, 0.0123456)],
)
def test_a_declared_number_that_is_not_short_is_written_and_is_not_own(
    end: float, written: float | str
) -> None:
    start = scheme("uniform", low=-end, high=end)
    init = init_of([dense("w", start, 256, 5, own=Start(start, text="RandomUniform"))])
    assert init["high"] == written


def test_a_fan_that_a_layer_counts_by_itself_is_written_and_is_not_own() -> None:
    start = scheme("lecun_normal", fan=11)
    weight = dense("w", start, 7, 5, own=Start(start, text="the function odd"))
    assert init_of([weight], 2) == {"scheme": "lecun_normal", "fan": 11}
