"""The command line: ``python -m fanwise``, or ``fanwise``."""


def main() -> None:
    """Run the command line."""
