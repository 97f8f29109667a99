"""What is released, and how: the files of the distributions, and the workflows."""
