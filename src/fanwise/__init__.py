"""Weight initializers that mean one thing, and give one result, in every framework."""

from typing import TYPE_CHECKING, Any

from fanwise.core import sample as sample
from fanwise.spec import Fans as Fans
from fanwise.spec import FanwiseError as FanwiseError
from fanwise.spec import RepeatedStreamWarning as RepeatedStreamWarning
from fanwise.spec import Scheme as Scheme
from fanwise.spec import fans as fans
from fanwise.spec import gain as gain
from fanwise.spec import register as register
from fanwise.spec import scheme as scheme
from fanwise.spec import schemes as schemes

if TYPE_CHECKING:
    from fanwise.spec.recipe import recipe as recipe
    from fanwise.spec.recipe import recipes as recipes


def __getattr__(name: str) -> Any:
    """Recipes are loaded when they are asked for: who draws one weight needs none."""
    if name in ("recipe", "recipes"):
        import importlib

        return getattr(importlib.import_module("fanwise.spec.recipe"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
