"""Known answers of gates and biases."""

import mpmath

from reference.equations import answer, ran

CHRONO = "Tallec & Ollivier 2018, arXiv:1804.11188; b_f = log U(1, T − 1), b_i = −b_f"


def forget_bias(_index, _shape, p, _u):
    return p.value


def chrono_forget(_index, _shape, p, u):
    lasts = 1 + u * ((p.steps - 1) - 1)
    return mpmath.log(lasts)


def chrono_input(index, shape, p, u):
    return -chrono_forget(index, shape, p, u)


def uniform_gate(_index, shape, _p, u):
    n = mpmath.mpf(shape[-1])
    opened = 1 / n + u * ((1 - 1 / n) - 1 / n)
    return mpmath.log(opened / (1 - opened))


def xlstm_forget(index, shape, p, _u):
    return p.low + (p.high - p.low) * mpmath.mpf(index[-1]) / (shape[-1] - 1)


def xlstm_power_law(index, shape, p, _u):
    depth = mpmath.mpf(p.layer) / (p.layers - 1)
    power = mpmath.mpf("0.3") + mpmath.mpf("1.3") * depth
    return -(-5 + 12 * mpmath.power(mpmath.mpf(index[-1]) / (shape[-1] - 1), power))


def prior_bias(_index, _shape, p, _u):
    return -mpmath.log((1 - p.probability) / p.probability)


def class_prior(index, _shape, p, _u):
    return mpmath.log(p.probabilities[index[-1]])


def multilabel_prior(index, _shape, p, _u):
    probability = p.probabilities[index[-1]]
    return mpmath.log(probability / (1 - probability))


EQUATIONS = {
    "forget_bias": forget_bias,
    "chrono_forget": chrono_forget,
    "chrono_input": chrono_input,
    "uniform_gate": uniform_gate,
    "xlstm_forget": xlstm_forget,
    "xlstm_power_law": xlstm_power_law,
    "prior_bias": prior_bias,
    "class_prior": class_prior,
    "multilabel_prior": multilabel_prior,
}


def answers():
    """Return the known answers, as the file holds them."""
    focal = "Lin et al. 2017, arXiv:1708.02002; section 3.3"
    classes = {"probabilities": [0.7, 0.2, 0.09, 0.01]}
    open_at_ends = {"low": 3.0, "high": 6.0}
    return [
        answer("forget_bias", forget_bias, "Jozefowicz, Zaremba & Sutskever 2015; a bias of 1",
               [3], defaults={"value": 1.0}),
        answer("chrono_forget", chrono_forget, CHRONO, [2], {"steps": 100.0}, random=True),
        answer("chrono_input", chrono_input, CHRONO, [2], {"steps": 100.0}, random=True),
        answer("uniform_gate", uniform_gate, "Gu et al. 2020, arXiv:1910.09890; section 3.2",
               [10], random=True),
        answer("xlstm_forget", xlstm_forget,
               "Beck et al. 2024, arXiv:2405.04517; evenly spaced from 3 to 6", [4],
               defaults=open_at_ends),
        answer("prior_bias", prior_bias, focal, [2], {"probability": 0.01}),
        answer("class_prior", class_prior, "Bishop 1995, chapter 6; softmax(ln p) = p", [4],
               classes),
        answer("class_prior", class_prior, "Bishop 1995, chapter 6; ln of counts", [3],
               {"probabilities": [900.0, 90.0, 10.0]}),
        answer("multilabel_prior", multilabel_prior, focal, [4], classes),
        *ran("gates"),
    ]  # fmt: skip
