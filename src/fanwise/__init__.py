"""Weight initializers that mean one thing, and give one result, in every framework.

A scheme is what is drawn; a seed and a path are the stream that it is drawn from.
``fanwise.torch``, ``fanwise.keras`` and ``fanwise.jax`` are the doors of the frameworks, imported
when they are asked for; this module needs NumPy alone.

Examples:
    >>> import fanwise
    >>> weight = fanwise.sample("he_normal", (512, 256), seed=0, path="dense/kernel")
    >>> weight.shape, weight.dtype
    ((512, 256), dtype('float32'))
    >>> fanwise.scheme("he_normal").std((512, 256))
    0.0625
"""

from typing import TYPE_CHECKING, Any

from fanwise.core import sample as sample
from fanwise.spec import Fans as Fans
from fanwise.spec import FanwiseError as FanwiseError
from fanwise.spec import RepeatedStreamWarning as RepeatedStreamWarning
from fanwise.spec import Scheme as Scheme
from fanwise.spec import UnrepeatableFactoryWarning as UnrepeatableFactoryWarning
from fanwise.spec import UnresolvedWeightWarning as UnresolvedWeightWarning
from fanwise.spec import UnsetBufferWarning as UnsetBufferWarning
from fanwise.spec import UnsoundStartWarning as UnsoundStartWarning
from fanwise.spec import fans as fans
from fanwise.spec import gain as gain
from fanwise.spec import register as register
from fanwise.spec import scheme as scheme
from fanwise.spec import schemes as schemes

if TYPE_CHECKING:
    from fanwise.conformance.audits.audit import audit as audit
    from fanwise.conformance.audits.verification import verify as verify
    from fanwise.core.low_rank import AdaptedWeight as AdaptedWeight
    from fanwise.core.low_rank import loftq as loftq
    from fanwise.core.low_rank import olora as olora
    from fanwise.core.low_rank import pissa as pissa
    from fanwise.core.vocabulary import grow_vocabulary as grow_vocabulary
    from fanwise.spec.edge_of_chaos import EdgeOfChaos as EdgeOfChaos
    from fanwise.spec.edge_of_chaos import edge_of_chaos as edge_of_chaos
    from fanwise.spec.recipe import recipe as recipe
    from fanwise.spec.recipe import recipes as recipes

    __version__: str
    SPEC_VERSION: str

__all__ = [
    "AdaptedWeight",
    "EdgeOfChaos",
    "Fans",
    "FanwiseError",
    "RepeatedStreamWarning",
    "Scheme",
    "UnrepeatableFactoryWarning",
    "UnresolvedWeightWarning",
    "UnsetBufferWarning",
    "UnsoundStartWarning",
    "edge_of_chaos",
    "fans",
    "gain",
    "grow_vocabulary",
    "loftq",
    "olora",
    "pissa",
    "recipe",
    "recipes",
    "register",
    "sample",
    "scheme",
    "schemes",
]
#: What most programs do without, each with the module that it is loaded from on first use.
_LATER = {
    **dict.fromkeys(("AdaptedWeight", "loftq", "olora", "pissa"), "fanwise.core.low_rank"),
    "grow_vocabulary": "fanwise.core.vocabulary",
    **dict.fromkeys(("EdgeOfChaos", "edge_of_chaos"), "fanwise.spec.edge_of_chaos"),
    **dict.fromkeys(("recipe", "recipes"), "fanwise.spec.recipe"),
}
#: The doors of the frameworks: modules that are imported when they are asked for.
_DOORS = ("torch", "keras", "jax")
#: What needs an extra, each with the module that it is loaded from.
_WITH_EXTRA = {
    "audit": "fanwise.conformance.audits.audit",
    "verify": "fanwise.conformance.audits.verification",
}
#: Names that a star import leaves alone: some need an extra, the others are about the package.
_ASKED_FOR = ("SPEC_VERSION", "__version__", *_WITH_EXTRA)


def __dir__() -> list[str]:
    """List the public names, those too that are loaded on first use."""
    return sorted([*__all__, *_ASKED_FOR, *_DOORS])


def __getattr__(name: str) -> Any:
    """Load on first use what most programs do without: recipes, versions, frameworks."""
    import importlib

    if name in _LATER:
        return getattr(importlib.import_module(_LATER[name]), name)
    if name == "__version__":
        return importlib.import_module("fanwise.spec.versions").package_version()
    if name == "SPEC_VERSION":
        return importlib.import_module("fanwise.spec.versions").spec_version()
    if name in (*_DOORS, *_WITH_EXTRA):
        try:
            if name in _WITH_EXTRA:
                from fanwise.adapters.extras import explain_missing

                with explain_missing(f"fanwise.{name}"):
                    return getattr(importlib.import_module(_WITH_EXTRA[name]), name)
            return importlib.import_module(f"fanwise.{name}")
        except ImportError as error:  # hasattr and the like expect an AttributeError
            message = f"fanwise.{name} cannot be imported: {error}"
            raise AttributeError(message, name=name) from error
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
