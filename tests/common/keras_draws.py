"""Any draw for the adapter of Keras, and what it must give."""

from hypothesis import strategies as st
from reference.strategies import characters

from fanwise.adapters.numpy import NumpyAdapter
from fanwise.adapters.protocol import Draw

DTYPES = ("float16", "bfloat16", "float32", "float64")
PATTERNS = ("kernel", "torch", "keras_transposed")


@st.composite
def draws(draw, schemes):
    roles = draw(st.lists(st.sampled_from(("in", "out", "batch", "*")), min_size=2, max_size=4))
    return Draw(
        draw(st.sampled_from(schemes)),
        tuple(draw(st.integers(0, 9)) for _ in roles),
        draw(st.integers(0, 2**64 - 1)),
        draw(st.none() | st.text(characters, max_size=8)),
        draw(st.sampled_from([" ".join(roles), *PATTERNS])),
        draw(st.sampled_from(DTYPES)),
    )


def expected(draw):
    """The core's own."""
    return NumpyAdapter().portable(draw, "eager")
