"""The model that a configuration of transformers describes, built without memory."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.foreign_code import foreign_code
from fanwise.adapters.held_models import TORCH
from fanwise.adapters.model_builds import builds_of
from fanwise.spec.errors import FanwiseError, Phrase

#: What a configuration says, that nothing else in JSON does.
_SAYS: Final = ("model_type", "architectures")
CONFIGURATION: Final = "config.json"
#: The library, and its class for a configuration that names no architecture.
_LIBRARY: Final = "transformers"
_BARE: Final = "AutoModel"
_HINT: Final = "Pass package.module:function that builds the model, or the header of a checkpoint."


def is_configuration(data: dict[str, Any]) -> bool:
    """Tell whether JSON is a configuration of a model."""
    return any(isinstance(data.get(name), str | list) for name in _SAYS)


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
    try:
        library = importlib.import_module(_LIBRARY)
    except ImportError as error:
        hint = f"Run: pip install {_LIBRARY} torch"
        expected = f"the package {_LIBRARY}, which knows {quoted(path)}"
        raise FanwiseError(expected, Phrase("no such package"), hint) from error
    names = data.get("architectures")
    name = names[0] if isinstance(names, list) and names else _BARE
    built = getattr(library, name, None) if isinstance(name, str) else None
    if built is None or not (hasattr(built, "_from_config") or name == _BARE):
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
