"""Known answers of state spaces, recurrences and linear attention."""

import mpmath

from reference.equations import answer, ran

HIPPO = "Gu et al. 2020, arXiv:2008.07669"
TRAIN = "Gu et al. 2023, arXiv:2206.12037"
S4 = "Gu, Goel & Ré 2022, arXiv:2111.00396"
S4D = "Gu, Gupta, Goel & Ré 2022, arXiv:2206.11893"
MAMBA = "Gu & Dao 2023, arXiv:2312.00752"
LRU = "Orvieto et al. 2023, arXiv:2303.06349"
RWKV = "BlinkDL/RWKV-LM, RWKV-v7/train_temp/src/model.py"
ONE = mpmath.mpf(1)


def _root(n):
    return mpmath.sqrt(2 * n + 1)


def hippo_legs_a(index, _shape, _p, _u):
    n, k = index
    if n > k:
        return -_root(n) * _root(k)
    return -(n + 1) if n == k else 0


def hippo_legs_b(index, _shape, _p, _u):
    return _root(index[0])


def hippo_legs_p(index, _shape, _p, _u):
    return mpmath.sqrt(index[-1] + ONE / 2)


def hippo_legt_a(index, _shape, p, _u):
    n, k = index
    return -_root(n) * _root(k) * (1 if k <= n else (-1) ** (n - k)) / p.window


def hippo_legt_b(index, _shape, p, _u):
    return _root(index[0]) / p.window


def _cosine(n):
    """What an input is to a state, on a window of 1: half of B."""
    if n % 2:
        return 0
    return ONE if n == 0 else mpmath.sqrt(2)


def hippo_fourier_a(index, _shape, p, _u):
    n, k = index
    turning = 0
    if n == k + 1 and k % 2 == 0:
        turning = 2 * mpmath.pi * (k // 2)
    if k == n + 1 and n % 2 == 0:
        turning = -2 * mpmath.pi * (n // 2)
    return (turning - 2 * _cosine(n) * _cosine(k)) / p.window


def hippo_fourier_b(index, _shape, p, _u):
    return 2 * _cosine(index[0]) / p.window


def s4d_lin(index, _shape, _p, _u):
    return mpmath.pi * index[-1]


def s4d_inv(index, shape, _p, _u):
    states = mpmath.mpf(2 * shape[-1])
    return states / mpmath.pi * (states / (2 * index[-1] + 1) - 1)


def s4d_quad(index, _shape, _p, _u):
    return (1 + 2 * index[-1]) ** 2 / mpmath.pi


def s4d_real(index, _shape, _p, _u):
    return mpmath.log(index[-1] + 1)


def s4_log_dt(_index, _shape, p, u):
    return mpmath.log(p.dt_min) + u * mpmath.log(p.dt_max / p.dt_min)


def mamba2_a_log(_index, _shape, p, u):
    return mpmath.log(p.low + u * (p.high - p.low))


def mamba_dt_bias(_index, _shape, p, u):
    dt = max(mpmath.exp(s4_log_dt(None, None, p, u)), p.dt_floor)
    return mpmath.log(mpmath.exp(dt) - 1)


def _squared(p, u):
    return p.radius_min**2 + u * (p.radius_max**2 - p.radius_min**2)


def lru_ring(_index, _shape, p, u):
    radius = mpmath.sqrt(_squared(p, u))
    return mpmath.log(-mpmath.log(radius))


def lru_gamma(_index, _shape, p, u):
    return mpmath.log(mpmath.sqrt(1 - _squared(p, u)))


def lru_phase(_index, _shape, p, u):
    return mpmath.log(u * p.phase_max)


def rg_lru(_index, _shape, p, u):
    radius = mpmath.sqrt(_squared(p, u) + mpmath.mpf("1e-8"))
    return mpmath.log(1 / radius - 1)


def retnet_decay(index, _shape, _p, _u):
    return mpmath.log(1 - mpmath.power(2, -5 - index[0]))


def lightning_slopes(index, shape, p, _u):
    small = mpmath.mpf("1e-5")
    rate = mpmath.power(2, mpmath.mpf(-8) * (index[0] + 1) / shape[0])
    return rate * (1 - p.layer / (p.layers - 1 + small) + small)


def _later(p):
    return 1 - mpmath.mpf(p.layer) / p.layers


def _linear(index, shape):
    return mpmath.mpf(index[-1]) / (shape[-1] - 1) - ONE / 2


def _zigzag(index, p):
    middle = mpmath.mpf(p.head_width - 1) / 2
    z = (index[-1] % p.head_width - middle) / middle
    return z * abs(z)


def rwkv7_mix(index, shape, p, _u):
    return 1 - mpmath.power(mpmath.mpf(index[-1]) / shape[-1], p.exponent * _later(p))


def rwkv7_channel_mix(index, shape, p, _u):
    return 1 - mpmath.power(mpmath.mpf(index[-1]) / shape[-1], _later(p) ** 4)


def rwkv7_decay(index, shape, p, _u):
    depth = mpmath.mpf(p.layer) / (p.layers - 1)
    power = 1 + mpmath.power(depth, mpmath.mpf("0.3"))
    ramp = -6 + 6 * mpmath.power(_linear(index, shape) + ONE / 2, power)
    return ramp + ONE / 2 + mpmath.mpf("2.5") * _zigzag(index, p)


def rwkv7_rate(index, shape, p, _u):
    ramp = mpmath.mpf("-0.19") + mpmath.mpf("0.4") * _linear(index, shape)
    return ramp + mpmath.mpf("0.3") * _zigzag(index, p)


def rwkv7_value(index, shape, _p, _u):
    return mpmath.mpf("0.73") - mpmath.mpf("0.4") * _linear(index, shape)


def rwkv7_key(index, shape, _p, _u):
    return mpmath.mpf("0.71") - mpmath.mpf("0.1") * _linear(index, shape)


def rwkv7_norm(_index, _shape, p, _u):
    return mpmath.power(mpmath.mpf(p.layer + 1) / p.layers, mpmath.mpf("0.7"))


EQUATIONS = {
    "hippo_legs_a": hippo_legs_a,
    "hippo_legs_b": hippo_legs_b,
    "hippo_legs_p": hippo_legs_p,
    "hippo_legt_a": hippo_legt_a,
    "hippo_legt_b": hippo_legt_b,
    "hippo_fourier_a": hippo_fourier_a,
    "hippo_fourier_b": hippo_fourier_b,
    "s4d_lin": s4d_lin,
    "s4d_inv": s4d_inv,
    "s4d_quad": s4d_quad,
    "s4d_real": s4d_real,
    "s4_log_dt": s4_log_dt,
    "mamba_a_log": s4d_real,
    "mamba2_a_log": mamba2_a_log,
    "mamba_dt_bias": mamba_dt_bias,
    "lru_ring": lru_ring,
    "lru_gamma": lru_gamma,
    "lru_phase": lru_phase,
    "rg_lru": rg_lru,
    "retnet_decay": retnet_decay,
    "lightning_slopes": lightning_slopes,
    "rwkv7_mix": rwkv7_mix,
    "rwkv7_channel_mix": rwkv7_channel_mix,
    "rwkv7_decay": rwkv7_decay,
    "rwkv7_rate": rwkv7_rate,
    "rwkv7_value": rwkv7_value,
    "rwkv7_key": rwkv7_key,
    "rwkv7_norm": rwkv7_norm,
}


def answers():
    """Return the known answers, as the file holds them."""
    return [*_state_spaces(), *_recurrences(), *_rwkv7(), *_uniform(), *ran("state_spaces")]


def _state_spaces():
    steps = {"dt_min": 0.001, "dt_max": 0.1, "dt_floor": 1e-4}
    window = {"window": 1.0}
    return [
        answer("hippo_legs_a", hippo_legs_a, f"{S4}; equation 2", [4, 4]),
        answer("hippo_legs_b", hippo_legs_b, f"{HIPPO}; theorem 2", [4]),
        answer("hippo_legs_p", hippo_legs_p, f"{S4}; appendix C.1", [4]),
        answer("hippo_legt_a", hippo_legt_a, f"{TRAIN}; S4-LegT", [4, 4], defaults=window),
        answer("hippo_legt_b", hippo_legt_b, f"{TRAIN}; S4-LegT", [4], defaults=window),
        answer("hippo_fourier_a", hippo_fourier_a, f"{TRAIN}; S4-FouT, states in the code's order",
               [6, 6], defaults=window),
        answer("hippo_fourier_b", hippo_fourier_b, f"{TRAIN}; S4-FouT, states in the code's order",
               [6], defaults=window),
        answer("s4d_lin", s4d_lin, f"{S4D}; equation 9", [2, 3]),
        answer("s4d_inv", s4d_inv, f"{S4D}; equation 8", [2, 3]),
        answer("s4d_quad", s4d_quad, f"{S4D}; section 4.3", [2, 3]),
        answer("s4d_real", s4d_real, f"{S4D}; S4D-Real, ln(n + 1)", [2, 3]),
        answer("s4_log_dt", s4_log_dt, f"{S4}; uniform in the logarithm", [2], defaults=steps,
               random=True),
        answer("mamba_a_log", s4d_real, f"{MAMBA}; section 3.6, ln(n + 1)", [3, 4]),
        answer("mamba2_a_log", mamba2_a_log, "Dao & Gu 2024, arXiv:2405.21060; ln U(1, 16)", [2],
               defaults={"low": 1.0, "high": 16.0}, random=True),
        answer("mamba2_a_log", mamba2_a_log, "fla-org/flash-linear-attention; ln U(0, 16)", [2],
               {"low": 0.0, "high": 16.0}, random=True),
        answer("mamba_dt_bias", mamba_dt_bias, f"{MAMBA}; section 3.6, softplus⁻¹", [2],
               defaults=steps, random=True),
    ]  # fmt: skip


def _recurrences():
    ring = {"radius_min": 0.0, "radius_max": 1.0}
    griffin = {"radius_min": 0.9, "radius_max": 0.999}
    circle = {"phase_max": 6.283185307179586}
    depth = {"layer": 2, "layers": 6}
    return [
        answer("lru_ring", lru_ring, f"{LRU}; lemma 3.2", [2], defaults=ring, random=True),
        answer("lru_gamma", lru_gamma, f"{LRU}; equation 7", [2], {"radius_min": 0.4},
               defaults=ring, random=True),
        answer("lru_phase", lru_phase, f"{LRU}; lemma 3.2", [2], defaults=circle, random=True),
        answer("rg_lru", rg_lru, "google-deepmind/recurrentgemma; rnn_param_init", [2],
               defaults=griffin, random=True),
        answer("retnet_decay", retnet_decay, "Sun et al. 2023, arXiv:2307.08621; equation 8", [8]),
        answer("lightning_slopes", lightning_slopes, "MiniMax 2025, arXiv:2501.08313, its code; "
               "get_slope_rate", [6], depth),
    ]  # fmt: skip


def _rwkv7():
    depth = {"layer": 2, "layers": 6}
    narrow = {"head_width": 4}
    first = {"layer": 0, "layers": 6}
    return [
        answer("rwkv7_mix", rwkv7_mix, f"{RWKV}; x_r", [6], {"exponent": 0.2, **depth}),
        answer("rwkv7_mix", rwkv7_mix, f"{RWKV}; x_k", [6], {"exponent": 0.7, **first}),
        answer("rwkv7_channel_mix", rwkv7_channel_mix, f"{RWKV}; RWKV_CMix_x070", [6], depth),
        answer("rwkv7_decay", rwkv7_decay, f"{RWKV}; w0", [8], {**narrow, **depth}),
        answer("rwkv7_decay", rwkv7_decay, f"{RWKV}; w0", [8], {**narrow, **first}),
        answer("rwkv7_rate", rwkv7_rate, f"{RWKV}; a0", [8], narrow),
        answer("rwkv7_value", rwkv7_value, f"{RWKV}; v0", [8]),
        answer("rwkv7_key", rwkv7_key, f"{RWKV}; k_k", [8]),
        answer("rwkv7_norm", rwkv7_norm, f"{RWKV}; ln_x.weight", [3], depth),
    ]  # fmt: skip


def _uniform():
    """The laws of projections, which are drawn, not worked out."""
    code = "state-spaces/mamba, mamba_ssm"
    return [
        _law("mamba_dt_proj", [3, 7, 5], f"{code}/modules/mamba_simple.py, lines 83-89",
             "scale · dt_rank^-½", 2 / mpmath.sqrt(35), {"gain": 2.0}, "out in *"),
        _law("mamba_out_proj", [20, 30], f"{code}/models/mixer_seq_simple.py, lines 106-121",
             "fan_in^-½ · n_layer^-½", 1 / mpmath.sqrt(30 * 24), {"layers": 24}, "torch"),
    ]  # fmt: skip


def _law(scheme, shape, source, where, limit, params, axes):
    law = {"kind": "uniform", "low": float(-limit), "high": float(limit)}
    return {
        "scheme": scheme,
        "params": params,
        "shape": shape,
        "axes": axes,
        "source": source,
        "obtained": f"{where}, in arithmetic of mpmath",
        "departs": "",
        "expect": {"law": law, "rtol": 1e-12},
    }
