"""A door without its framework says what to install."""

import os
import subprocess
import sys

import pytest

from fanwise.adapters.extras import explain_missing

#: Hides packages from the import system, then imports a door.
IMPORT = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {hidden!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Hidden())
try:
    import {door}
except ImportError as error:
    print(type(error).__name__, error.name, error)
else:
    print("imported")
"""


def import_without(hidden: str, door: str, backend: str = "jax") -> str:
    """Give what the import of a door says where a package is not installed."""
    code = IMPORT.format(hidden=hidden, door=door)
    environment = {**os.environ, "KERAS_BACKEND": backend}
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return ran.stdout.strip()


@pytest.mark.parametrize("framework", ["torch", "keras", "jax"])
def test_a_door_says_which_extra_brings_its_framework(framework: str) -> None:
    expected = (
        f"ModuleNotFoundError {framework} fanwise.{framework} needs {framework}, which is not "
        f'installed. Run: pip install "fanwise[{framework}]"'
    )
    assert import_without(framework, f"fanwise.{framework}") == expected


@pytest.mark.parametrize("backend", ["torch", "tensorflow", "jax"])
def test_the_door_of_keras_says_which_extra_brings_its_backend(backend: str) -> None:
    expected = (
        f"ModuleNotFoundError {backend} fanwise.keras needs {backend}, the backend that Keras is "
        f'set to, which is not installed. Run: pip install "fanwise[{backend}]", or set '
        "KERAS_BACKEND to one that is: jax, tensorflow or torch"
    )
    assert import_without(backend, "fanwise.keras", backend) == expected


def test_what_a_door_does_without_may_be_missing() -> None:
    assert import_without("flax", "fanwise.jax") == "imported"


def test_another_missing_module_comes_out_as_it_is() -> None:
    missing = ModuleNotFoundError("No module named 'h5py'", name="h5py")
    with pytest.raises(ModuleNotFoundError) as caught, explain_missing("fanwise.keras"):
        raise missing
    assert caught.value is missing
