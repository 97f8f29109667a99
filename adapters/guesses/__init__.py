"""What a parameter of no known layer is, read from names, shapes and the code of its layer."""
