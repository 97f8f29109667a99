"""Whether the tests that judge keep the false-alarm rates that they state.

Samples are simulated from the laws themselves, so that nothing is wrong with them, and
judged many times over: at the rate of the suite, where no alarm must come, and at rates
large enough to be counted. An exact test must give its rate; one that rests on an
inequality must stay below it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from fanwise.conformance.checks import independence
from fanwise.conformance.statistics import tails as statistics
from fanwise.conformance.statistics.distributions import Distribution, distribution_of
from fanwise.conformance.statistics.tails import ALPHA, Finding
from fanwise.spec.registry import scheme

#: Rates that can be counted in a thousand runs.
RATES: Final = (0.5, 0.1, 0.01)
#: The false-alarm rate of the counting itself.
_DOUBT: Final = 1e-9
#: Elements of a simulated weight, and its width where it has rows.
_ELEMENTS, _WIDTH = 2048, 32

LAWS: Final = {
    "normal": scheme("normal", mean=0.1, std=0.02),
    "uniform": scheme("uniform", low=-0.25, high=1.0),
    "truncated_normal": scheme("truncated_normal", std=0.02),
    "one-sided cut": scheme("truncated_normal", low=-1.0, high=3.0, mean=0.5),
}

Test = Callable[[NDArray[np.float64], Distribution, np.random.Generator, float], Finding]


def _lags(x: NDArray[np.float64], law: Distribution, _: object, alpha: float) -> Finding:
    return independence.lags(2 * law.cdf(x) - 1, (1, 2, 4, _WIDTH), alpha)


def _rows(x: NDArray[np.float64], law: Distribution, _: object, alpha: float) -> Finding:
    return independence.lines((2 * law.cdf(x) - 1).reshape(-1, _WIDTH), 1, alpha)


def _between(
    x: NDArray[np.float64], law: Distribution, generator: np.random.Generator, alpha: float
) -> Finding:
    others = [generator.uniform(-1, 1, len(x)) for _ in range(3)]
    return independence.between(2 * law.cdf(x) - 1, others, alpha)


def _two(
    x: NDArray[np.float64], law: Distribution, generator: np.random.Generator, alpha: float
) -> Finding:
    cells = np.linspace(0, 1, 257)
    other = generator.random(len(x))
    counts = [np.histogram(u, cells)[0].astype(np.int64) for u in (law.cdf(x), other)]
    return statistics.two_samples(counts[0], counts[1], alpha)


def _rounded(x: NDArray[np.float64], law: Distribution, _: object, alpha: float) -> Finding:
    grid = np.linspace(law.mean - 4 * law.std, law.mean + 4 * law.std, 65)
    counts = np.bincount(np.searchsorted(grid, x), minlength=66).astype(np.int64)
    return statistics.rounded(counts, law.cdf(np.append(grid, np.inf)), alpha)


#: Every statistical test of the suite, by the claim that it judges.
TESTS: Final[dict[str, Test]] = {
    "mean": lambda x, law, _, alpha: statistics.mean(x, law, alpha),
    "variance": lambda x, law, _, alpha: statistics.variance(x, law, alpha),
    "distribution": lambda x, law, _, alpha: statistics.distribution(x, law, alpha),
    "tails": lambda x, law, _, alpha: statistics.tails(x, law, alpha),
    "half precision": _rounded,
    "two samples": _two,
    "rows": _rows,
    "lags": _lags,
    "seeds": _between,
}
#: Of these the rate is met, of the others it is an upper bound.
EXACT: Final = frozenset({("mean", "normal"), ("variance", "normal")})


@dataclass(frozen=True)
class Calibration:
    """How often one test of one law raised an alarm, of so many at a stated rate.

    Attributes:
        claim: what was judged.
        law: the law of the simulated samples.
        rate: the false-alarm rate that the test was given.
        alarms: how many of the runs failed.
        runs: how many there were.
    """

    claim: str
    law: str
    rate: float
    alarms: int
    runs: int

    @property
    def bounds(self) -> tuple[int, int]:
        """Between what the number of alarms must lie; binomial, exact."""
        most = int(stats.binom.isf(_DOUBT / 2, self.runs, self.rate))
        if (self.claim, self.law) not in EXACT:
            return 0, most
        return int(stats.binom.ppf(_DOUBT / 2, self.runs, self.rate)), most

    @property
    def sound(self) -> bool:
        """Whether they do; at the rate of the suite itself, whether there was none."""
        low, high = (0, 0) if self.rate == ALPHA else self.bounds
        return low <= self.alarms <= high


def calibrate(runs: int, laws: Iterable[str] = tuple(LAWS), seed: int = 0) -> Iterator[Calibration]:
    """Judge samples with nothing wrong, so many for each test and law.

    Yields:
        One calibration for each claim, law and rate, that of the suite among them.
    """
    rates = (*RATES, ALPHA)
    for name in laws:
        law = distribution_of(LAWS[name].law(()))
        assert law is not None
        for claim, test in TESTS.items():
            generator = np.random.default_rng([seed, zlib.crc32(f"{name} {claim}".encode())])
            alarms = dict.fromkeys(rates, 0)
            for _ in range(runs):
                sample = law.frozen.rvs(_ELEMENTS, random_state=generator)
                for rate in rates:
                    alarms[rate] += not test(sample, law, generator, rate).passed
            yield from (Calibration(claim, name, rate, alarms[rate], runs) for rate in rates)
