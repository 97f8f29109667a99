"""Sources as the lint reads them."""

import textwrap

from fanwise.adapters.lint import lint_bytes

TORCH = """
import math
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn import init
"""


def lint_text(text, imports=TORCH):
    """The findings of a source, below the imports that it needs."""
    whole = imports + textwrap.dedent(text)
    compile(whole, "planted.py", "exec")
    return lint_bytes("planted.py", whole.encode())


def codes_of(text, imports=TORCH):
    """The codes of the findings of a source."""
    return [finding.code for finding in lint_text(text, imports)]
