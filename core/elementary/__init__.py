"""The functions of expressions on arrays of float64, with the bits of those of ``fanwise.spec``.

Each finds its value as a pair of floats with a proved error, and rounds it once. Where the error
leaves two choices, as for one value in some thousands, the function of numbers chooses. Where that
raises, the array has NaN, or an infinity if the value is too large.
"""

from fanwise.core.elementary.functions import FUNCTIONS as FUNCTIONS
from fanwise.core.elementary.functions import power as power
