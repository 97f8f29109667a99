"""The engines: how a weight is drawn in Keras."""
