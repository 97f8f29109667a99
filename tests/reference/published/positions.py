"""Known answers of positions."""

import mpmath

from reference.equations import answer, ran

PI = mpmath.pi
ROPE = {"base": 10000.0}
YARN = {**ROPE, "beta_fast": 32.0, "beta_slow": 1.0}
LLAMA = {"base": 500000.0, "factor": 8.0, "context": 8192, "low_freq_factor": 1.0,
         "high_freq_factor": 4.0}  # fmt: skip


def alibi_slopes(index, shape, _p, _u):
    h, heads = index[0], shape[0]
    power = 1
    while 2 * power <= heads:
        power *= 2
    if h < power:
        return mpmath.power(2, mpmath.mpf(-8) * (h + 1) / power)
    return mpmath.power(2, mpmath.mpf(-8) * (2 * (h - power) + 1) / (2 * power))


def rotary(index, shape, p, _u):
    i, d = index[-1], 2 * shape[-1]
    return mpmath.power(p.base, mpmath.mpf(-2 * i) / d)


def rotary_linear(index, shape, p, u):
    return rotary(index, shape, p, u) / p.factor


def rotary_ntk(index, shape, p, _u):
    i, d = index[-1], 2 * shape[-1]
    other = p.base * mpmath.power(p.factor, mpmath.mpf(d) / (d - 2))
    return mpmath.power(other, mpmath.mpf(-2 * i) / d)


def _dimension(turns, d, p):
    """Where a frequency turns so often over the context."""
    return d * mpmath.log(p.context / (turns * 2 * PI)) / (2 * mpmath.log(p.base))


def rotary_yarn(index, shape, p, u):
    i, d = index[-1], 2 * shape[-1]
    low = max(mpmath.floor(_dimension(p.beta_fast, d, p)), 0)
    high = min(mpmath.ceil(_dimension(p.beta_slow, d, p)), d - 1)
    if low == high:
        high += mpmath.mpf("0.001")
    share = min(max((i - low) / (high - low), 0), 1)
    plain = rotary(index, shape, p, u)
    return plain / p.factor * share + plain * (1 - share)


def rotary_llama3(index, shape, p, u):
    plain = rotary(index, shape, p, u)
    length = 2 * PI / plain
    if length < p.context / p.high_freq_factor:
        return plain
    if length > p.context / p.low_freq_factor:
        return plain / p.factor
    smooth = (p.context / length - p.low_freq_factor) / (p.high_freq_factor - p.low_freq_factor)
    return (1 - smooth) * plain / p.factor + smooth * plain


def rotary_longrope(index, shape, p, u):
    return rotary(index, shape, p, u) / p.factors[index[-1]]


def retnet_angles(index, shape, p, _u):
    return 1 / mpmath.power(p.base, mpmath.mpf(index[-1] // 2) / (shape[-1] // 2 - 1))


def xpos_scale(index, shape, _p, _u):
    gamma = mpmath.mpf("0.4")
    return (mpmath.mpf(2 * index[-1]) / (2 * shape[-1]) + gamma) / (1 + gamma)


def sinusoidal(index, shape, p, _u):
    position, channel = index[-2:]
    i, d = channel // 2, shape[-1]
    angle = position / mpmath.power(p.base, mpmath.mpf(2 * i) / d)
    return mpmath.cos(angle) if channel % 2 else mpmath.sin(angle)


def sinusoidal_halves(index, shape, p, u):
    half = (shape[-1] + 1) // 2
    channel = 2 * index[-1] if index[-1] < half else 2 * (index[-1] - half) + 1
    return sinusoidal((*index[:-1], channel), shape, p, u)


def sinusoidal_tensor2tensor(index, shape, p, _u):
    position, channel = index[-2:]
    half = shape[-1] // 2
    if channel == 2 * half:
        return mpmath.mpf(0)
    step = mpmath.log(p.base) / max(half - 1, 1)
    angle = position * mpmath.exp(-step * (channel % half))
    return mpmath.sin(angle) if channel < half else mpmath.cos(angle)


def sinusoidal_2d(index, shape, p, u):
    patch, channel = index[-2:]
    half = shape[-1] // 2
    place = patch % p.grid_width if channel < half else patch // p.grid_width
    return sinusoidal_halves((place, channel % half), (shape[-2], half), p, u)


EQUATIONS = {
    "alibi_slopes": alibi_slopes,
    "rotary": rotary,
    "rotary_linear": rotary_linear,
    "rotary_ntk": rotary_ntk,
    "rotary_yarn": rotary_yarn,
    "rotary_llama3": rotary_llama3,
    "rotary_longrope": rotary_longrope,
    "retnet_angles": retnet_angles,
    "xpos_scale": xpos_scale,
    "sinusoidal": sinusoidal,
    "sinusoidal_halves": sinusoidal_halves,
    "sinusoidal_tensor2tensor": sinusoidal_tensor2tensor,
    "sinusoidal_2d": sinusoidal_2d,
}


def answers():
    """Return the known answers, as the file holds them."""
    press = "Press, Smith & Lewis 2022, arXiv:2108.12409; section 3"
    yarn = "Peng et al. 2023, arXiv:2309.00071, and its code"
    vaswani = "Vaswani et al. 2017, arXiv:1706.03762; section 3.5"
    found = {"factors": [1.0, 1.05, 3.5, 12.0]}
    stretched = {"factor": 16.0, "context": 4096}
    return [
        answer("alibi_slopes", alibi_slopes, press, [4]),
        answer("alibi_slopes", alibi_slopes, press, [6, 1, 1]),
        answer("rotary", rotary, "Su et al. 2021, arXiv:2104.09864; equation 15", [6],
               defaults=ROPE),
        answer("rotary", rotary, "Su et al. 2021, arXiv:2104.09864; equation 15", [4],
               {"base": 1e6}),
        answer("rotary_linear", rotary_linear, "Chen et al. 2023, arXiv:2306.15595; equation 4",
               [4], {"factor": 4.0}, defaults=ROPE),
        answer("rotary_ntk", rotary_ntk, f"{yarn}; definition 1", [5], {"factor": 4.0},
               defaults=ROPE),
        answer("rotary_yarn", rotary_yarn, f"{yarn}; definition 2 with the code's ramp", [12],
               stretched, defaults=YARN),
        answer("rotary_yarn", rotary_yarn, f"{yarn}; definition 2 with the code's ramp", [4],
               {"factor": 2.0, "context": 512, "base": 500.0}, defaults=YARN),
        answer("rotary_llama3", rotary_llama3, "meta-llama/llama-models; apply_scaling", [16],
               defaults=LLAMA),
        answer("rotary_longrope", rotary_longrope, "Ding et al. 2024, arXiv:2402.13753; section 3",
               [4], found, defaults=ROPE),
        answer("retnet_angles", retnet_angles, "Sun et al. 2023, arXiv:2307.08621, and its code; "
               "angles from 1 to 1/base", [8], defaults=ROPE),
        answer("xpos_scale", xpos_scale, "Sun et al. 2023, arXiv:2212.10554; algorithm 1", [5]),
        answer("sinusoidal", sinusoidal, vaswani, [4, 6], defaults=ROPE),
        answer("sinusoidal", sinusoidal, vaswani, [1, 3, 5], {"base": 100.0}),
        answer("sinusoidal_halves", sinusoidal_halves, f"{vaswani} with the channels in halves",
               [4, 6], defaults=ROPE),
        answer("sinusoidal_tensor2tensor", sinusoidal_tensor2tensor,
               "tensorflow/tensor2tensor; get_timing_signal_1d", [4, 7], defaults=ROPE),
        answer("sinusoidal_2d", sinusoidal_2d, "He et al. 2022, arXiv:2111.06377, and its code; "
               "the width first", [6, 8], {"grid_width": 3}, defaults=ROPE),
        *ran("positions"),
    ]  # fmt: skip
