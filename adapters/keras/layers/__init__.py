"""What the layers and models of Keras store."""
