"""The drop-in initializers of Keras, by subject."""
