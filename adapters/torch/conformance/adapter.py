"""torch as the conformance suite sees it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import partial
from importlib import resources
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from fanwise.adapters.cut_protocol import Cut, CutDraw, Seat
from fanwise.adapters.protocol import (
    LAYERS,
    OWN_LAYERS,
    Draw,
    LayerDraw,
    ModelDraw,
    Started,
    grouped,
    layer_kind,
)
from fanwise.adapters.recipe_sources import RecipeSource
from fanwise.adapters.torch.conformance import cuts
from fanwise.adapters.torch.conformance.models import BUILDERS
from fanwise.adapters.torch.conformance.recipe_starts import start_recipe
from fanwise.adapters.torch.conformance.starts import STARTS, start
from fanwise.adapters.torch.conformance.weights import weights
from fanwise.adapters.torch.drawing.tensors import DTYPES
from fanwise.adapters.torch.initialize import initialize
from fanwise.adapters.torch.initializers.any_scheme import init_
from fanwise.adapters.torch.layers.description import describe
from fanwise.adapters.torch.set_initializer import set_initializer
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.scheme import Scheme

_DTYPES: Final = {name: dtype for dtype, name in DTYPES.items()}
_KERNEL: Final = "/kernel"
#: Plain and transposed convolutions, by the number of their spatial axes.
_CONVOLUTIONS: Final[dict[bool, tuple[type[nn.Module], ...]]] = {
    False: (nn.Conv1d, nn.Conv2d, nn.Conv3d),
    True: (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d),
}
#: A bare vector, which is no layer's.
_VECTOR: Final = "vector"
#: What torch calls a scheme, where it is not its name with an underscore.
_OWN_NAMES: Final = {"truncated_normal": "trunc_normal_"}


class TorchAdapter:
    """PyTorch: torch.nn.init as the native engine, our functions as the portable one."""

    name = "torch"
    axes = "torch"
    modes: tuple[str, ...] = ("eager", "compile")
    layers = LAYERS
    own_layers = OWN_LAYERS
    models = tuple(BUILDERS)
    starts = tuple(STARTS)
    cuts = cuts.CUTS

    @property
    def deviations(self) -> str:
        """Return the text of deviations.toml."""
        return resources.files(__package__).joinpath("deviations.toml").read_text("utf-8")

    def versions(self) -> Mapping[str, str]:
        """Return the versions of torch and NumPy."""
        return {"torch": torch.__version__, "numpy": np.__version__}

    def devices(self) -> tuple[str, ...]:
        """Name the CPU: on others the same stream is computed by torch operations."""
        return ("cpu",)

    def native(self, draw: Draw) -> NDArray[Any]:
        """Draw the weight by ``torch.nn.init``."""
        tensor = torch.empty(draw.shape, dtype=_dtype(draw.dtype), device="cpu")
        init_(tensor, draw.scheme, seed=draw.seed, axes=draw.axes, engine="native")
        return _array(tensor)

    def portable(self, draw: Draw, mode: str) -> NDArray[Any]:
        """Draw the weight by the portable stream, in a tensor of torch's."""
        if mode not in self.modes:
            raise FanwiseError("a mode of the adapter", mode, did_you_mean(mode, self.modes))
        tensor = torch.empty(draw.shape, dtype=_dtype(draw.dtype), device="cpu")
        fill = _compiled if mode == "compile" else init_
        return _array(fill(tensor, draw.scheme, seed=draw.seed, path=draw.path, axes=draw.axes))

    def layer(self, draw: LayerDraw) -> tuple[NDArray[Any], str]:
        """Draw the weight of a real layer by ``set_initializer``."""
        layer = _layer(draw)
        axes = _axes(layer)
        if draw.path.endswith(_KERNEL):
            path = draw.path.removesuffix(_KERNEL)
            set_initializer(layer, draw.scheme, seed=draw.seed, path=path)
        else:
            # A path that no layer gives to its weight: set the weight itself.
            init_(layer.weight, grouped(draw), seed=draw.seed, path=draw.path, axes=axes)
        return _array(layer.weight), axes

    def own(self, draw: LayerDraw) -> tuple[NDArray[Any], str]:
        """Draw the weight of a real layer by the function of ``torch.nn.init``."""
        function = self.own_name(draw.scheme).rpartition(".")[2]
        if not hasattr(nn.init, function):
            hint = "Judge it with engine='native'."
            raise FanwiseError("a function of torch.nn.init", draw.scheme.name, hint)
        parameters = dict(draw.scheme.to_dict()["params"])
        parameters.pop("corrected", None)
        if draw.kind == _VECTOR:
            weight, axes = torch.empty(draw.inputs), self.axes
        else:
            layer = _layer(draw)
            weight, axes = layer.weight, _axes(layer)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(draw.seed)
            getattr(nn.init, function)(weight, **parameters)
        return _array(weight), axes

    def own_name(self, scheme: Scheme) -> str:
        """Name the function of ``torch.nn.init``."""
        return f"torch.nn.init.{_OWN_NAMES.get(scheme.name, f'{scheme.name}_')}"

    def model(self, draw: ModelDraw) -> tuple[Mapping[str, NDArray[Any]], NDArray[Any]]:
        """Set a whole model up by ``initialize``."""
        with torch.device("meta"):
            model = BUILDERS[draw.name]()
        model = model.to_empty(device="cpu").eval()
        initialize(model, draw.recipe, seed=draw.seed)
        with torch.no_grad():
            output = model(torch.from_numpy(draw.inputs))
        return weights(model), _array(output)

    def take_seat(self, seat: Seat) -> None:
        """Form the process group."""
        cuts.take_seat(seat)

    def cut(self, draw: CutDraw) -> Cut:
        """Cut a model."""
        return cuts.cut(draw)

    def start(self, kind: str, seed: int) -> list[Started]:
        """Return the weights of a layer as torch starts it, beside ``torch_default``."""
        return start(kind, seed)

    def start_recipe(self, source: RecipeSource, seed: int) -> list[Started]:
        """Return what a recipe sets of a model as its library starts it."""
        return start_recipe(source, seed)


def _compiled(tensor: Tensor, scheme: Scheme, **how: Any) -> Tensor:
    """Do the same in a function without graph breaks, compiled again for every weight."""
    torch.compiler.reset()
    fill: Any = torch.compile(partial(init_, scheme=scheme, **how), fullgraph=True)
    with warnings.catch_warnings():
        # Torch's compiler, while it is imported, uses what torch itself has deprecated.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"torch\.")
        return fill(tensor)


def _layer(draw: LayerDraw) -> Any:
    """Make a layer without values: the usual way would draw from the global generator."""
    skip, kind = nn.utils.skip_init, layer_kind(draw.kind)
    if not kind.spatial:
        return skip(nn.Linear, draw.inputs, draw.outputs)
    cls = _CONVOLUTIONS[kind.transposed][kind.spatial - 1]
    return skip(cls, draw.inputs, draw.outputs, draw.size, groups=draw.groups)


def _axes(layer: nn.Module) -> str:
    """Return the axes of a layer's weight, from its description."""
    return next(weight.axes for weight in describe(layer) if weight.parameter == "weight")


def _dtype(name: str) -> Any:
    if name not in _DTYPES:
        raise FanwiseError("a dtype of weights", name, did_you_mean(name, _DTYPES))
    return _DTYPES[name]


def _array(tensor: Tensor) -> NDArray[Any]:
    """Return the tensor's values, or for bfloat16 its bits.

    It is a copy, so that no weight is left in use whose stream the next draw repeats.
    """
    plain = tensor.detach()
    bits = plain.view(torch.uint16) if plain.dtype is torch.bfloat16 else plain
    array: NDArray[Any] = bits.numpy().copy()
    return array


def adapter() -> TorchAdapter:
    """Return the adapter of PyTorch."""
    return TorchAdapter()
