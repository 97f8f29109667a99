"""The drop-in initializers of JAX, by subject."""
