"""What only some of the supported versions of Keras have, to choose parameters by."""

import inspect

import keras

#: The option of batch renormalization, or none.
RENORM = [
    {name: True}
    for name in inspect.signature(keras.layers.BatchNormalization.__init__).parameters
    if name == "renorm"
]
