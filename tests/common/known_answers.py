"""Rows of a file of known answers."""


def row(scheme, shape, expect, **more):
    """A row about a scheme on a shape, with what a paper is to say."""
    told = {"source": "a paper", "obtained": "equation 1"}
    return {"scheme": scheme, "shape": shape, "expect": expect, **told, **more}
