"""What tests change of Keras and of its adapter, and give back."""

import keras
import pytest

from fanwise.adapters.keras.layers import description


@pytest.fixture
def channels_last():
    before = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_last")
    yield
    keras.config.set_image_data_format(before)


@pytest.fixture
def registered():
    """The described layers, to add to."""
    before = dict(description._descriptions)
    yield
    description._descriptions.clear()
    description._descriptions.update(before)
