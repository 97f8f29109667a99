"""The backends of the core that there are: the extension too, where it is asked for."""

import os

from fanwise.core.fast import gate
from fanwise.core.fast.extension import is_installed

ASKED = os.environ.get(gate.SWITCH) == "1"
BACKENDS = [*gate.Backend] if ASKED or is_installed() else [gate.Backend.NUMPY]
#: By what the environment chooses each of them.
SWITCHES = {backend.value: str(int(backend is gate.Backend.COMPILED)) for backend in BACKENDS}
