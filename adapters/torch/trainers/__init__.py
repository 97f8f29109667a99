"""What trainers call: starts of single parameters by their global names, and callbacks."""
