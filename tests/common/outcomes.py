"""What failed among rows of the conformance suite."""

from fanwise.conformance.results.rows import Outcome


def failing(rows):
    """The claims that fail."""
    return {row.claim for row in rows if row.outcome == Outcome.FAIL}
