"""torch as the conformance suite sees it."""
