"""The door of PyTorch: a drop-in of ``torch.nn.init``, every other scheme, and whole models.

Examples:
    >>> from torch import nn
    >>> import fanwise.torch
    >>> layer = nn.Linear(512, 256)
    >>> weight = fanwise.torch.he_normal_(layer.weight, seed=0, path="dense/kernel")
    >>> weight is layer.weight
    True
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from fanwise.adapters.extras import explain_missing as _explain_missing
from fanwise.doors import SEEDS as _SEEDS
from fanwise.doors import loader as _loader
from fanwise.doors import places as _places

with _explain_missing(__name__):
    from fanwise.adapters.torch import *  # noqa: F403
    from fanwise.adapters.torch import __all__ as _names
    from fanwise.adapters.torch.initializers.private import *  # noqa: F403

if TYPE_CHECKING:
    from fanwise.spec.recipe import Recipe

_LATER = _places(
    "fanwise.adapters.torch",
    registry="layers.description",
    also={
        "Regenerated": "trainers.regenerated",
        "init_method": "trainers.init_methods",
        "initialize_callback": "trainers.callbacks",
        "param_init": "trainers.param_init",
    },
)
__all__ = [*_names, *_LATER, "capture"]  # noqa: PLE0604 (they are names)
__getattr__ = _loader(__name__, _LATER)


def __dir__() -> list[str]:
    """List the names of the module, those too that are loaded when they are asked for."""
    return sorted({*globals(), *_LATER})


def capture(
    factory: Callable[[], Any], *, seeds: Sequence[int] = _SEEDS, prove: bool = True
) -> Recipe:
    """Find the recipe that starts a model as its own code does.

    The function is called under several seeds. What holds the same each time is a constant or a
    formula; of what differs the law is told by the values, and its numbers are written as the
    expressions that agree for all shapes. Random states of torch, NumPy and Python are put
    back. The recipe is then proved: two builds more, and a model that it has started itself, are
    judged by it with a false-alarm rate below 10⁻⁹.

    Args:
        factory: builds the model anew each time; it takes nothing.
        seeds: of the builds, at least two; more of them tell small weights better.
        prove: whether to prove the recipe, for which the extra ``conformance`` is needed.

    Returns:
        The recipe: ``recipe.to_toml()`` writes it, and comments say what fits as well. It keeps
        weights whose start was not found.

    Raises:
        FanwiseError: for a function that builds no new model under each seed, or seeds itself; and
            for a recipe that builds of its model contradict, with their weights.

    Warns:
        UnresolvedWeightWarning: naming the weights that start in no way that was found.
        UnrepeatableFactoryWarning: where one seed does not give one model.
        UnsoundStartWarning: naming what an audit of such a model fails, whose code draws so.

    Examples:
        >>> from torch import nn
        >>> recipe = capture(lambda: nn.Sequential(nn.Linear(64, 256), nn.Linear(256, 16)))
        >>> sorted({rule.init["scheme"] for rule in recipe.rules})
        ['torch_default']
    """
    from fanwise.adapters.torch.builds import TorchBuilds
    from fanwise.captures import capture as capture_builds

    return capture_builds(TorchBuilds(factory), seeds=seeds, prove=prove)
