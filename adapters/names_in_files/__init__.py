"""What the tensors of a file are by their names and shapes, where no model says it."""
