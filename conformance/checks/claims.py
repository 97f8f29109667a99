"""Every claim that the suite judges: what it says, how it is tested, what it catches.

The report and the documentation print this list, and a row about a claim that is not in
it is refused, so that no figure stands without its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from fanwise.conformance.statistics import sample_sizes as sizes
from fanwise.conformance.statistics.tails import TAIL_SHARE, WINDOW


@dataclass(frozen=True)
class Claim:
    """One kind of claim.

    Attributes:
        name: what rows call it.
        group: the column of the table that it belongs to.
        null: what is claimed to hold.
        test: how that is judged, and what the false-alarm rate rests on.
        catches: the smallest fault that is caught with probability 1 - MISS; for an exact
            claim, any at all.
    """

    name: str
    group: str
    null: str
    test: str
    catches: str


_EQUAL: Final = "equality, to the bit"
_ANY: Final = "any difference"
_BERNSTEIN: Final = "Bernstein's inequality"

_CLAIMS: Final = (
    Claim("philox", "stages", "Philox4x32-10 gives its published known answers", _EQUAL, _ANY),
    Claim("key", "stages", "seed, path and purpose make the key", _EQUAL, _ANY),
    Claim("words", "stages", "words follow from key and element", _EQUAL, _ANY),
    Claim("normal", "stages", "the normal's integer follows from the word", _EQUAL, _ANY),
    Claim("uniform", "stages", "the uniform's integer follows from the word", _EQUAL, _ANY),
    Claim("window", "stages", "a cut keeps the words it should", _EQUAL, _ANY),
    Claim("blocks", "stages", "a block alone is that block of the whole", _EQUAL, _ANY),
    Claim("far blocks", "stages", "the same where the index passes 2³²", _EQUAL, _ANY),
    Claim(
        "golden",
        "bits",
        "the portable engine gives the golden tensors: every dtype, in every mode",
        "SHA-256 of the elements in canonical order",
        _ANY,
    ),
    Claim(
        "bits",
        "bits",
        "the portable engine is the reference, in the framework's own storage order",
        "SHA-256 of the elements in canonical order",
        _ANY,
    ),
    Claim("layers", "bits", "a real layer's kernel has its true fans and order", _EQUAL, _ANY),
    Claim(
        "streams",
        "bits",
        "seed and path choose the stream, and nothing else does",
        "no more than 8 of 4096 elements in common",
        "a seed or path that is ignored, in whole or in its high bits",
    ),
    Claim("same bits", "bits", "all frameworks give one digest", _EQUAL, _ANY),
    Claim(
        "mean",
        "scale",
        "the mean is the scheme's",
        f"exact for a normal; {_BERNSTEIN} for a bounded law",
        f"a mean off by {sizes.MEAN_FAULT:.0%} of a standard deviation",
    ),
    Claim(
        "variance",
        "scale",
        "the variance is the scheme's, with its fans, gain and correction",
        f"exact χ² for a normal; {_BERNSTEIN} for a bounded law",
        f"a standard deviation off by {sizes.SCALE_FAULT:.0%}",
    ),
    Claim(
        "distribution",
        "shape",
        "the distribution function is the scheme's",
        "Dvoretzky-Kiefer-Wolfowitz inequality, with Massart's constant",
        "a cut that is missing, at the right variance",
    ),
    Claim(
        "tails",
        "shape",
        f"the outermost {TAIL_SHARE:.0e} of the law has its share of elements",
        "exact binomial",
        "a normal cut at 3.8 standard deviations",
    ),
    Claim(
        "support",
        "shape",
        "no element lies beyond the law's bounds, by more than a rounding",
        "none is allowed: exact",
        f"{sizes.SUPPORT_FAULT:.0e} of the elements out of bounds",
    ),
    Claim(
        "half precision",
        "shape",
        "float16 and bfloat16 weights are float32 ones, rounded",
        "Dvoretzky-Kiefer-Wolfowitz inequality where the rounding changes",
        f"a distribution function off by {sizes.HALF_FAULT:.1%}, as when sampling in steps of 2⁻⁹",
    ),
    Claim(
        "two samples",
        "shape",
        "two frameworks draw from one law",
        "two-sample Dvoretzky-Kiefer-Wolfowitz inequality, by Wei and Dudley",
        "whatever moves one distribution function by twice the bound",
    ),
    Claim(
        "rows",
        "independence",
        "every row has the mean of the law",
        f"largest over all rows, by the union bound; {_BERNSTEIN} on the elements' ranks",
        "a row whose mean is off by half a standard deviation",
    ),
    Claim(
        "columns",
        "independence",
        "every column has the mean of the law",
        f"largest over all columns, by the union bound; {_BERNSTEIN} on the elements' ranks",
        "a column whose mean is off by half a standard deviation",
    ),
    Claim(
        "lags",
        "independence",
        "elements a step apart are independent: neighbours, blocks of four, rows, chunks",
        f"rank correlation of disjoint pairs, by the union bound over lags; {_BERNSTEIN}",
        f"a rank correlation of {sizes.CORRELATION_FAULT:.0%}",
    ),
    Claim(
        "seeds",
        "independence",
        "neighbouring seeds, and those one bit apart, give independent weights",
        f"rank correlation of the elements, by the union bound over pairs; {_BERNSTEIN}",
        f"a rank correlation of {sizes.CORRELATION_FAULT:.0%}",
    ),
    Claim(
        "paths",
        "independence",
        "two parameters of one seed are independent, however alike their paths look",
        f"rank correlation of the elements, by the union bound over pairs; {_BERNSTEIN}",
        f"a rank correlation of {sizes.CORRELATION_FAULT:.0%}",
    ),
    Claim(
        "repeats",
        "independence",
        f"no {WINDOW} consecutive elements occur twice, in one weight or in several",
        "pairs of windows times the largest probability of a coincidence",
        "streams that overlap anywhere, at any offset",
    ),
    Claim("values", "structure", "constants, identity and dirac are what they say", _EQUAL, _ANY),
    Claim("zeros", "structure", "sparse has its zeros in each column", "a count: exact", _ANY),
    Claim(
        "orthogonality",
        "structure",
        "rows or columns are orthonormal, times the gain",
        "four roundings for each element that is summed",
        "half precision anywhere in the factorization",
    ),
    Claim(
        "haar",
        "structure",
        "orthogonal matrices are Haar-distributed",
        "Dvoretzky-Kiefer-Wolfowitz inequality on an entry, which has a Beta law",
        "signs as LAPACK leaves them",
    ),
    Claim(
        "offered", "structure", "the framework has an initializer for it", "it gave one", "nothing"
    ),
    Claim(
        "same weights",
        "models",
        "a model set up by one recipe and seed has the same weights in all frameworks",
        "SHA-256 in canonical order, by canonical paths",
        _ANY,
    ),
    Claim(
        "same function",
        "models",
        "a model set up by one recipe and seed is one function in all frameworks",
        "outputs on the same inputs, apart by rounding alone",
        "1e-5 of the largest output",
    ),
    Claim("refused", "own", "fans of a vector are refused, not made up", "it raised", _ANY),
    Claim("runs", "verdict", "the adapter does not raise", "it did not", _ANY),
    Claim("judged", "verdict", "both engines and a layer were judged", "rows exist", _ANY),
    Claim("false alarms", "verdict", "all rates together are small", "their sum", _ANY),
)

#: All claims by name, in the order of the documentation.
CLAIMS: Final[Mapping[str, Claim]] = MappingProxyType({claim.name: claim for claim in _CLAIMS})


#: The group of claims about the framework's own initializers, and their engine.
OWN: Final = "own"
#: The engine of rows about what the framework's layers start with by themselves.
START: Final = "start"
#: The groups of claims, in the order of the list.
GROUPS: Final = tuple(dict.fromkeys(claim.group for claim in _CLAIMS))
