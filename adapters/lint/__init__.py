"""What starts wrong by the look of its source: Python code, read and not run."""

from fanwise.adapters.lint.findings import CODES as CODES
from fanwise.adapters.lint.findings import LintFinding as LintFinding
from fanwise.adapters.lint.lint import lint as lint
from fanwise.adapters.lint.lint import lint_bytes as lint_bytes

__all__ = ["CODES", "LintFinding", "lint", "lint_bytes"]
