"""Write the golden vectors: ``python -m fanwise.conformance.vectors FOLDER``."""

from __future__ import annotations

import argparse
from pathlib import Path

from fanwise.conformance.vectors.generator import write

parser = argparse.ArgumentParser(prog="python -m fanwise.conformance.vectors", description=__doc__)
parser.add_argument("folder", type=Path, help="where the files are written")
write(parser.parse_args().folder)
