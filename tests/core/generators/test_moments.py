"""What is declared of each generator is true of the weights that it makes."""

import numpy as np
import pytest
from common.on_shape import OnShape, on_shape

from fanwise.core.draws import StreamDraws
from fanwise.core.generators import GENERATORS
from fanwise.spec.generators import GENERATORS as DECLARED

ICNR = {
    "base": "normal",
    "scale": 3.0,
    "mode": "fan_avg",
    "factor": 2,
    "subpixels": "pixel_shuffle",
}
CASES = {
    "hadamard": [on_shape(s, gain=3.0) for s in [(1, 1), (5, 3), (3, 7), (2, 3, 2, 6), (6, 13)]],
    "hadamard_identity": [
        on_shape(s) for s in [(4, 4), (6, 4), (3, 3, 4, 6), (4, 13), (2, 3, 5, 2, 9)]
    ],
    "idinit": [on_shape(s, gain=2.0) for s in [(4, 4), (9, 4), (4, 9), (3, 3, 2, 7)]],
    "idinit_zero": [on_shape(s, gain=0.5) for s in [(4, 4), (9, 4), (5, 4), (4, 9), (3, 3, 2, 7)]],
    "bilinear_upsampling": [
        on_shape((4, 4, 3, 3), groups=1),
        on_shape((3, 5, 1, 6), groups=6),
        on_shape((6, 1, 4), "torch_transposed", groups=6),
        on_shape((3, 4, 5, 4, 4), groups=1),
    ],
    "deformable_attention_grid": [
        on_shape((2 * h * v * p,), heads=h, levels=v, points=p)
        for h, v, p in [(8, 4, 4), (1, 1, 1), (3, 2, 5), (16, 1, 2), (7, 3, 1)]
    ],
    "sinusoidal": [
        on_shape(s, gain=1.5, mode=m, groups=1)
        for m, s in [
            ("fan_in", (8, 5)),
            ("fan_out", (4, 9)),
            ("fan_avg", (1, 7)),
            ("fan_in", (2, 9)),
            ("fan_in", (3, 1)),
            ("fan_geo_avg", (3, 2, 2, 31)),
        ]
    ],
    "glow_rotation": [on_shape((6, 6)), on_shape((1, 1, 5, 5))],
    "block_orthogonal": [
        on_shape((6, 8), gain=2.0, in_blocks=2, out_blocks=4),
        on_shape((3, 4, 6), gain=1.0, in_blocks=1, out_blocks=2),
    ],
    "conv_aware": [on_shape(s, scale=2.0, noise=0.1) for s in [(3, 3, 7, 4), (4, 6, 3)]],
    "icnr": [
        on_shape((3, 3, 4, 8), **ICNR),
        on_shape((3, 3, 4, 8), **{**ICNR, "base": "uniform"}),
        on_shape((4, 8), **{**ICNR, "base": "truncated_normal", "mode": "fan_out"}),
    ],
}
CASES |= {
    "erdos_renyi": [
        on_shape((9, 14), epsilon=2.0, elements="normal", std=0.5),
        on_shape((2, 3, 5, 4), epsilon=1.5, elements="uniform", std=2.0),
    ],
    "kan_spline": [
        on_shape((5, 4, 8), "out in *", order=3, noise=0.1, gain=1.0),
        on_shape((5, 4, 6), "in out *", order=2, noise=1.0, gain=3.0),
    ],
    "lora_orthogonal": [
        on_shape((10, 6), member="a", gain=0.1),
        on_shape((6, 7), member="b", gain=2.0),
    ],
}
#: What is declared of these is true of large ones.
LARGE = {
    "reservoir": [
        on_shape((300, 300), radius=0.9, sparsity=0.9, elements=elements)
        for elements in ("normal", "uniform")
    ],
    "mimetic": [
        on_shape((60, 60), member=member, heads=heads, alpha=0.7, beta=0.4)
        for member, heads in (("query", 4), ("key", 4), ("value", 1), ("out", 1))
    ],
}
MADE = [(name, law) for name, laws in CASES.items() for law in laws]
FIXED = [(name, law) for name, law in MADE if not DECLARED[name].random]
RANDOM = [(name, law) for name, law in MADE if DECLARED[name].random]
WEIGHTS = 400


def named(cases: list[tuple[str, OnShape]]) -> list[str]:
    return [f"{name}-{'x'.join(map(str, law.layout.shape))}" for name, law in cases]


def test_every_generator_has_a_case() -> None:
    assert set(CASES) >= set(GENERATORS) - {"given", *LARGE}


def test_both_tables_name_the_same() -> None:
    assert set(GENERATORS) == set(DECLARED)


@pytest.mark.parametrize(("name", "law"), FIXED, ids=named(FIXED))
def test_fixed(name: str, law: OnShape) -> None:
    GENERATORS[name].check(law)
    made, declared = GENERATORS[name].make(law, None), DECLARED[name]
    assert made.shape == law.layout.canonical
    assert made.dtype == np.float64
    assert declared.mean(law) == pytest.approx(made.mean(), abs=1e-15)
    assert declared.mean_square(law) == pytest.approx((made**2).mean())
    assert np.abs(made).max() <= declared.largest(law) * (1 + 1e-15)


@pytest.mark.parametrize(("name", "law"), RANDOM, ids=named(RANDOM))
def test_random(name: str, law: OnShape) -> None:
    GENERATORS[name].check(law)
    declared = DECLARED[name]
    made = [GENERATORS[name].make(law, StreamDraws(seed, None)) for seed in range(WEIGHTS)]
    means = np.array([weight.mean() for weight in made])
    squares = np.array([(weight**2).mean() for weight in made])
    for found, expected in ((means, declared.mean(law)), (squares, declared.mean_square(law))):
        # Six standard errors: a false alarm in 10⁹, were they normal; and rounding.
        error = 6 * found.std() / np.sqrt(WEIGHTS) + 1e-12
        assert abs(found.mean() - expected) <= error
    assert max(np.abs(weight).max() for weight in made) <= declared.largest(law) * (1 + 1e-15)
    assert not np.array_equal(made[0], made[1])


@pytest.mark.parametrize(
    ("name", "law"), [(name, law) for name, laws in LARGE.items() for law in laws]
)
def test_large(name: str, law: OnShape) -> None:
    GENERATORS[name].check(law)
    declared = DECLARED[name]
    made = np.array([GENERATORS[name].make(law, StreamDraws(seed, None)) for seed in range(4)])
    assert made.std() == pytest.approx(np.sqrt(declared.mean_square(law)), rel=0.05)
    assert abs(made.mean()) <= 6 * made.std() / np.sqrt(made.size)
    assert np.abs(made).max() <= declared.largest(law)
    assert not np.array_equal(made[0], made[1])


@pytest.mark.parametrize(("name", "law"), MADE, ids=named(MADE))
@pytest.mark.parametrize("roles", [("out",), ("in", "out")])
def test_empty(name: str, law: OnShape, roles: tuple[str, ...]) -> None:
    if name in ("glow_rotation", "bilinear_upsampling"):
        roles = ("in", "out")
    layout = law.layout
    sizes = zip(layout.shape, layout.roles, strict=True)
    shape = tuple(0 if role in roles else size for size, role in sizes)
    axes = "torch_transposed" if layout.groups_on == "in" else "kernel"
    empty = on_shape(shape, axes, **law.options)
    GENERATORS[name].check(empty)
    assert GENERATORS[name].make(empty, StreamDraws(0, None)).shape == empty.layout.canonical
    for measure in (DECLARED[name].mean, DECLARED[name].mean_square, DECLARED[name].largest):
        assert np.isfinite(measure(empty))
