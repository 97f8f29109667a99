"""Write the known answers: ``python -m reference.published [FAMILY…]`` in tests/."""

import sys

from reference.published.files import FAMILIES, write

for name in sys.argv[1:] or FAMILIES:
    write(name)
