"""JAX as the conformance suite sees it."""
