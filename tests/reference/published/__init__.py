"""The arithmetic that known answers are from: our own reading of equations, none of our code.

``python -m reference.published`` in tests/ writes the files of conformance/vectors/published.
"""
