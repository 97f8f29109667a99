"""The drop-in initializers of torch, by subject."""
