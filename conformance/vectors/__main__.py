"""Write the golden vectors: ``python -m fanwise.conformance.vectors FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from fanwise.conformance.vectors import write

write(Path(sys.argv[1]))
