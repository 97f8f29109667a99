"""The NumPy sampler: the stream, the quantile, the distributions and the generators."""

from fanwise.core.order import to_canonical as to_canonical
from fanwise.core.sampler import sample as sample
