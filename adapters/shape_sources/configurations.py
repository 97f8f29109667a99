"""The model that a configuration of transformers describes, built without memory."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from fanwise.adapters.files.faults import broken, explained, quoted
from fanwise.adapters.files.headers import LONGEST, parsed
from fanwise.adapters.files.sources import FileSource
from fanwise.adapters.foreign_code import foreign_code
from fanwise.adapters.held_models import TORCH
from fanwise.adapters.model_builds import builds_of
from fanwise.adapters.named_weights import named_weights
from fanwise.adapters.stored_weights import StoredTensor
from fanwise.spec.errors import FanwiseError, Phrase

#: What a configuration says, that nothing else in JSON does.
_SAYS: Final = ("model_type", "architectures")
#: What a configuration is called.
CONFIGURATION: Final = "config.json"
#: The library, and its class for a configuration that names no architecture.
_LIBRARY: Final = "transformers"
_BARE: Final = "AutoModel"
_HINT: Final = "Pass package.module:function that builds the model, or the header of a checkpoint."


def read_object(path: Path, *, strict: bool = False) -> dict[str, Any]:
    """Return the object of JSON in a file; configurations of libraries hold Infinity, too.

    Args:
        path: of the file.
        strict: whether it may not.

    Raises:
        FanwiseError: where it holds none.
    """
    with explained(path, "JSON"), contextlib.closing(FileSource(path)) as source:
        return parsed(source.read(0, min(LONGEST + 1, source.size)), "the file", strict=strict)


def configuration_beside(path: Path) -> Path | None:
    """Return the file that may describe the model of a checkpoint, a folder or a file in one."""
    place = (path if path.is_dir() else path.parent) / CONFIGURATION
    return place if place.is_file() else None


def is_configuration(data: dict[str, Any]) -> bool:
    """Tell whether JSON is a configuration of a model."""
    return any(isinstance(data.get(name), str | list) for name in _SAYS)


def model_beside(
    path: Path, tensors: Mapping[str, StoredTensor], framework: str
) -> tuple[Any, str]:
    """Build the model of the configuration that lies beside a checkpoint, if it has the tensors.

    Its layers tell what names do not: whose norms start at zero, which row of a table is padding.

    Args:
        path: of the checkpoint.
        tensors: what it holds.
        framework: whose names they have; but for torch's nothing is asked.

    Returns:
        The model and its name; or None, and in words why only names can be read. The words are
        empty where no configuration lies there.
    """
    place = configuration_beside(path)
    if place is None or framework != TORCH:
        return None, ""
    try:
        data = read_object(place)
        if not is_configuration(data):
            return None, ""
        model, name = configured_model(place, data)
        if others := sorted(tensors.keys() - model.state_dict().keys()):
            raise broken(f"a tensor of {name}", quoted(others[0]), "It may be of another model.")
        named_weights(tensors, TORCH, model)
    except FanwiseError as error:
        return None, (
            f"The weights of {quoted(path)} are read by their names alone, and what layers "
            f"declare, such as norms that start at zero, is not seen, since the {place.name} "
            f"beside them cannot be used. {error}"
        )
    return model, name


def configured_model(path: Path, data: dict[str, Any]) -> tuple[Any, str]:
    """Build the model of a configuration on the meta device; no code of its folder is run.

    Args:
        path: of the configuration.
        data: what it says.

    Returns:
        The model, in the dtype of the configuration, and the name of its class.

    Raises:
        FanwiseError: where the library is missing, or lacks the model.
    """
    names = data.get("architectures")
    name = names[0] if isinstance(names, list) and names else _BARE
    hint = f"Run: pip install {_LIBRARY} torch"
    expected = f"the packages {_LIBRARY} and torch, which know {quoted(path)}"
    with foreign_code(expected, hint):  # of an installation that is broken, say
        try:
            library = importlib.import_module(_LIBRARY)
            built = getattr(library, name, None) if isinstance(name, str) else None
            # Where torch is missing, a class is there that raises once it is asked for anything.
            is_model = built is not None and (name == _BARE or hasattr(built, "_from_config"))
        except ImportError as error:
            raise FanwiseError(expected, Phrase("not both"), hint) from error
    if not is_model:
        raise broken(f"a model of {_LIBRARY}", quoted(name), _HINT)
    with foreign_code(f"a configuration that {_LIBRARY} reads", _HINT):
        configuration = library.AutoConfig.from_pretrained(
            str(path), local_files_only=True, trust_remote_code=False
        )
    build = _builder(built, configuration)
    model = builds_of(build, TORCH).outline()
    if model is None:
        raise broken(f"{quoted(name)}, which can be built without memory", "an error", _HINT)
    return model, f"{type(model).__name__} of {_LIBRARY}"


def _builder(built: Any, configuration: Any) -> Callable[[], Any]:
    """Return what builds a model in the dtype of its configuration, as loading it does."""

    def build() -> Any:
        maker = built.from_config if hasattr(built, "from_config") else built._from_config  # noqa: SLF001
        return maker(configuration)

    return build
