"""Whether two arrays are the same, to the bit."""

import numpy as np


def same_bits(found: np.ndarray, wanted: np.ndarray) -> bool:
    """Compare out of pytest's sight: on a build server it shows two bytes objects whole.

    That takes hours for a large weight.
    """
    return np.asarray(found).tobytes() == np.asarray(wanted).tobytes()
