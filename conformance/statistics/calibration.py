"""Whether the tests that judge keep the false-alarm rates that they state.

Samples are simulated from the laws themselves, so that nothing is wrong with them, and
judged many times over: at the rate of the suite, where no alarm must come, and at rates
large enough to be counted. An exact test must give its rate; one that rests on an
inequality must stay below it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from fanwise.adapters.progress import Progress, show_nothing
from fanwise.conformance.statistics import ranks, tails
from fanwise.conformance.statistics.distributions import Distribution, distribution_of
from fanwise.conformance.statistics.tails import ALPHA, Finding, Sample
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


@dataclass(frozen=True, kw_only=True)
class CalibratedTest:
    """A statistical test of the suite, as it is calibrated.

    Attributes:
        judge: judges a sample of a law at a rate; the generator draws what it is compared with.
        exact: the laws for which the rate is met; for the others it is an upper bound.
    """

    judge: Callable[[Sample, Distribution, np.random.Generator, float], Finding]
    exact: frozenset[str] = frozenset()


def lags(x: Sample, law: Distribution, _: object, alpha: float) -> Finding:
    """Judge the correlation of elements a few steps apart."""
    return ranks.lags(2 * law.cdf(x) - 1, (1, 2, 4, _WIDTH), alpha)


def lines(x: Sample, law: Distribution, _: object, alpha: float) -> Finding:
    """Judge the means of rows."""
    return ranks.lines((2 * law.cdf(x) - 1).reshape(-1, _WIDTH), 1, alpha)


def between(
    x: Sample, law: Distribution, generator: np.random.Generator, alpha: float
) -> Finding:  # fmt: skip
    """Judge the correlation with each of three other weights."""
    others = [generator.uniform(-1, 1, len(x)) for _ in range(3)]
    return ranks.between(2 * law.cdf(x) - 1, others, alpha)


def two_samples(
    x: Sample, law: Distribution, generator: np.random.Generator, alpha: float
) -> Finding:
    """Judge the distance from a second sample."""
    cells = np.linspace(0, 1, 257)
    other = generator.random(len(x))
    counts = [np.histogram(u, cells)[0].astype(np.int64) for u in (law.cdf(x), other)]
    return tails.two_samples(counts[0], counts[1], alpha)


def rounded(x: Sample, law: Distribution, _: object, alpha: float) -> Finding:
    """Judge the sample rounded to a grid."""
    grid = np.linspace(law.mean - 4 * law.std, law.mean + 4 * law.std, 65)
    counts = np.bincount(np.searchsorted(grid, x), minlength=66).astype(np.int64)
    return tails.rounded(counts, law.cdf(np.append(grid, np.inf)), alpha)


def law_test(
    judge: Callable[[Sample, Distribution, float], Finding], exact: frozenset[str] = frozenset()
) -> CalibratedTest:
    """Return the calibrated form of a test of a law, which is compared with nothing drawn."""
    return CalibratedTest(judge=lambda x, law, _, alpha: judge(x, law, alpha), exact=exact)


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """How often one test of one law raised an alarm, of so many at a stated rate.

    Attributes:
        claim: what was judged.
        law: the law of the simulated samples.
        rate: the false-alarm rate that the test was given.
        alarms: how many of the runs failed.
        runs: how many there were.
        exact: whether the rate must be met; else it is an upper bound.
    """

    claim: str
    law: str
    rate: float
    alarms: int
    runs: int
    exact: bool = False

    @property
    def bounds(self) -> tuple[int, int]:
        """The bounds of the number of alarms; binomial, exact."""
        most = int(stats.binom.isf(_DOUBT / 2, self.runs, self.rate))
        if not self.exact:
            return 0, most
        return int(stats.binom.ppf(_DOUBT / 2, self.runs, self.rate)), most

    @property
    def sound(self) -> bool:
        """Whether the alarms are within the bounds; at the rate of the suite, whether none came."""
        low, high = (0, 0) if self.rate == ALPHA else self.bounds
        return low <= self.alarms <= high


def calibrate(
    runs: int,
    tests: Mapping[str, CalibratedTest],
    laws: Sequence[str] = tuple(LAWS),
    seed: int = 0,
    progress: Progress = show_nothing,
) -> Iterator[Calibration]:
    """Judge samples with nothing wrong, so many for each test and law.

    Args:
        runs: how many samples.
        tests: the tests, by the claims that they judge.
        laws: names of :data:`LAWS`.
        seed: of the samples.
        progress: told before every sample.

    Yields:
        One calibration for each claim, law and rate, that of the suite among them.
    """
    rates = (*RATES, ALPHA)
    total, done = len(laws) * len(tests) * runs, 0
    for name in laws:
        law = distribution_of(LAWS[name].law(()))
        assert law is not None
        for claim, test in tests.items():
            generator = np.random.default_rng([seed, zlib.crc32(f"{name} {claim}".encode())])
            alarms = dict.fromkeys(rates, 0)
            for _ in range(runs):
                progress(done, total, f"{claim}, {name}")
                done += 1
                sample = law.frozen.rvs(_ELEMENTS, random_state=generator)
                for rate in rates:
                    alarms[rate] += not test.judge(sample, law, generator, rate).passed
            for rate in rates:
                yield Calibration(
                    claim=claim,
                    law=name,
                    rate=rate,
                    alarms=alarms[rate],
                    runs=runs,
                    exact=name in test.exact,
                )
