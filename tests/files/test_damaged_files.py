"""Files with bytes that are changed, lost or doubled read as an error or as what they say."""

import io

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save

from fanwise.adapters.files import open_tensors
from fanwise.spec.errors import FanwiseError

pytestmark = pytest.mark.slow

TENSORS = {"a": torch.arange(12.0).view(3, 4), "b.c": torch.ones(5, dtype=torch.bfloat16)}


def of_torch(*, archive):
    stream = io.BytesIO()
    content = {"state_dict": {**TENSORS, "t": TENSORS["a"].t()}, "epoch": 3}
    torch.save(content, stream, _use_new_zipfile_serialization=archive)
    return stream.getvalue()


def of_numpy(saver):
    stream = io.BytesIO()
    saver(stream, a=np.arange(12.0).reshape(3, 4), b=np.ones(5, "f2"))
    return stream.getvalue()


CONTENTS = {
    "a.safetensors": save(TENSORS),
    "a.pt": of_torch(archive=True),
    "old.pt": of_torch(archive=False),
    "a.npz": of_numpy(np.savez),
    "small.npz": of_numpy(np.savez_compressed),
}
LONG_NUMBERS = [b"\xff" * 8, b"\0" * 8, b"\0\0\0\0\0\0\0\x40", b"\xff\xff\xff\x7f"]


def read_all(path):
    """Read a file, and return what is said where it cannot be read."""
    try:
        with open_tensors(path) as file:
            for tensor in file.tensors.values():
                values = tensor.read(())
                assert values.shape == tensor.shape
                assert values.nbytes <= 100 * path.stat().st_size
    except FanwiseError as error:
        return str(error)
    return ""


@st.composite
def damage(draw, content):
    """Return content with a few changes."""
    changed = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(0, len(changed) - 1)))
        kind = draw(st.sampled_from(["flip", "set", "long", "cut", "double"]))
        if kind == "flip" and changed:
            changed[place] ^= 1 << draw(st.integers(0, 7))
        elif kind == "set" and changed:
            changed[place] = draw(st.integers(0, 255))
        elif kind == "long":
            number = draw(st.sampled_from(LONG_NUMBERS))
            changed[place : place + len(number)] = number
        elif kind == "cut":
            del changed[place : draw(st.integers(place, len(changed)))]
        else:
            changed[place:place] = changed[place : place + draw(st.integers(0, 40))]
    return bytes(changed)


@pytest.mark.parametrize("name", CONTENTS)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_reads_as_an_error_or_as_tensors_of_the_shape_that_it_says(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data.draw(damage(CONTENTS[name])))
    message = read_all(path)
    assert message.isprintable()


@pytest.mark.parametrize("name", CONTENTS)
def test_is_an_error_wherever_it_is_cut_off(tmp_path, name):
    content = CONTENTS[name]
    path = tmp_path / name
    for length in range(0, len(content), 1 + len(content) // 150):
        path.write_bytes(content[:length])
        assert "Expected" in read_all(path)
