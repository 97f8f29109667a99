"""The models, library by library: real classes, in small configurations where there are some."""
