"""Verdicts on the weights of a model or a file: by a recipe, by a seed, by themselves."""
