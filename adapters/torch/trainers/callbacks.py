"""What trainers call by themselves: a callback of Lightning."""

from __future__ import annotations

import importlib
import sys
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from fanwise.adapters.torch.initialize import initialize
from fanwise.core.keys import checked_seed
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.recipe import Recipe
from fanwise.spec.recipe import recipe as read_recipe

#: The two packages that Lightning comes in; a callback of one is none of the other.
_PACKAGES: Final = ("lightning.pytorch", "pytorch_lightning")


def initialize_callback(
    recipe: Recipe | str | Path | Mapping[str, Any], *, seed: int, **how: Any
) -> Any:
    """Make a callback of Lightning that starts the model by a recipe before it is trained.

    It is :func:`fanwise.torch.initialize`, called when the strategy has placed the model: on its
    device, sharded or not. A model that was made on the meta device (``configure_model`` under
    FSDP2) has memory by then. A run that goes on is not started anew: neither from a checkpoint
    (``ckpt_path``), nor by a second ``fit`` of the same module with this callback. The report is
    the attribute ``summary`` of the callback.

    Args:
        recipe: as in :func:`fanwise.torch.initialize`; its paths are those of the LightningModule.
        seed: 0 ≤ seed < 2⁶⁴; the same on all ranks.
        how: further arguments of :func:`fanwise.torch.initialize`.

    Returns:
        A ``lightning.pytorch.Callback``, or one of ``pytorch_lightning`` where that is imported
        and the other is not.

    Raises:
        FanwiseError: for bad input, and where there is no Lightning.

    Examples:
        >>> from fanwise import FanwiseError
        >>> try:
        ...     initialize_callback("torch_default", seed=-1)
        ... except FanwiseError as error:
        ...     print(error.expected)
        an integer seed, 0 <= seed < 2**64
    """
    chosen, seed = read_recipe(recipe), checked_seed(seed)
    return _callback_class(_lightning())(chosen, seed, how)


def _lightning() -> Any:
    """Return the package of Lightning that the program uses."""
    loaded = [name for name in _PACKAGES if name in sys.modules]
    for name in (*loaded, *_PACKAGES):
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name is None or error.name.partition(".")[0] != name.partition(".")[0]:
                raise
    hint = "Install it: pip install lightning."
    raise FanwiseError("Lightning, whose callback this is", Phrase("none"), hint)


def _callback_class(lightning: Any) -> Any:
    class Initialize(lightning.Callback):
        """Starts the model by a recipe before it is trained."""

        def __init__(self, recipe: Recipe, seed: int, how: Mapping[str, Any]) -> None:
            self.recipe, self.seed, self.how = recipe, seed, dict(how)
            self.summary: Any = None
            self._begun: Callable[[], Any] = lambda: None

        def on_fit_start(self, trainer: Any, pl_module: Any) -> None:
            # Some strategies restore a checkpoint after this, over what is written here; what the
            # trainer says of it is of the last run until then.
            is_restored = not trainer.strategy.restore_checkpoint_after_setup and trainer.ckpt_path
            if not is_restored and self._begun() is not pl_module:
                self.summary = initialize(pl_module, self.recipe, seed=self.seed, **self.how)
            # A second fit goes on with what the first has trained.
            self._begun = weakref.ref(pl_module)

        def __reduce__(self) -> tuple[Any, ...]:
            return _made_anew, (lightning.__name__, self.recipe, self.seed, self.how)

    return Initialize


def _made_anew(package: str, recipe: Recipe, seed: int, how: Mapping[str, Any]) -> Any:
    """Make a callback in a process that was started with the one of another."""
    return _callback_class(importlib.import_module(package))(recipe, seed, how)
