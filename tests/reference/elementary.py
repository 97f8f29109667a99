"""The functions of expressions through mpmath, and their rounding by division of integers."""

from fractions import Fraction

import mpmath

FUNCTIONS = {
    "exp": mpmath.exp,
    "expm1": mpmath.expm1,
    "log": mpmath.log,
    "log2": lambda x: mpmath.log(x) / mpmath.log(2),
    "log1p": lambda x: mpmath.log(1 + x),
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tanh": mpmath.tanh,
    "logit": lambda p: mpmath.log(p / (1 - p)),
    "softplus_inverse": lambda x: mpmath.log(mpmath.expm1(x)),
    "power": mpmath.power,
}
#: Arguments whose values are hardest to round, and how close to a float, or to the middle of two,
#: they are, in last places, as a power of two: V. Lefèvre, J.-M. Muller, Worst cases for correct
#: rounding of the elementary functions in double precision, 2001, and the tests of CRlibm.
HARDEST = [
    ("log", "0x1.62a88613629b6p+678", -65),
    ("exp", "-0x1.ed318efb627eap-27", -60),
    ("exp", "0x1.83d4bcdebb3f4p+2", -58),
    ("exp", "0x1.accfbe46b4ef0p-1", -55),
    ("log", "0x1.be87838f1a47cp+774", -61),
    ("log", "0x1.b7f71a488641ap+340", -61),
    ("log2", "0x1.b4ebe40c95a01p+0", -54),
    ("sin", "0x1.e0000000001c2p-20", -73),
    ("sin", "0x1.1c63df63d59d0p-2", -57),
    ("cos", "0x1.8000000000009p-23", -89),
    ("cos", "0x1.f849414ea93b6p-6", -54),
    ("expm1", "0x1.51fce10251a48p-16", -58),
    ("log1p", "-0x1.1ffffffffffe5p-46", -90),
]


def exact(name, *arguments, bits=200):
    """Compute a value to so many bits, and to more as the exponents of the arguments ask for."""
    arguments = [mpmath.mpf(argument) for argument in arguments]
    reach = max((abs(a.man_exp[1]) + a.man_exp[0].bit_length() for a in arguments), default=0)
    with mpmath.workprec(bits + 2 * reach):
        return FUNCTIONS[name](*arguments)


def rounded(value):
    """Round to the nearest float64, halves to even, as division of integers does."""
    negative, man, exponent, _ = value._mpf_
    return float(Fraction(-int(man) if negative else int(man)) * Fraction(2) ** int(exponent))


def distance_to_a_half(value):
    """Return how far a value is from the middle of two floats, in their distance."""
    size = abs(value)
    with mpmath.workprec(1000):
        places = size / mpmath.mpf(2) ** (mpmath.floor(mpmath.log(size, 2)) - 52)
        return abs(places - mpmath.floor(places) - 0.5)
