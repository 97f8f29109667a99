"""What is known to go wrong between a seed and a checkpoint, each fault by its name."""
