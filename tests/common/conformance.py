"""An adapter that the suite must fail."""

import numpy as np

from fanwise.adapters.numpy import NumpyAdapter


class OneWrong(NumpyAdapter):
    """A 2 % error in one scheme of the native engine."""

    def native(self, draw):
        made = super().native(draw)
        return made * np.float32(1.02) if draw.scheme.family == "he_uniform" else made
