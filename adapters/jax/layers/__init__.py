"""What the layers and models of JAX store."""
