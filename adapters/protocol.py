"""What the conformance suite asks of a framework's adapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, runtime_checkable

from numpy.typing import NDArray

from fanwise.adapters.recipe_sources import RecipeSource
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.plan import Planned
from fanwise.spec.recipe import Recipe
from fanwise.spec.scheme import Scheme


@dataclass(frozen=True)
class LayerKind:
    """What a kind of layer is.

    Attributes:
        spatial: how many spatial axes its kernel has.
        transposed: whether it is a transposed convolution.
        grouped: whether its channels go in groups.
        depthwise: whether every input is a group of its own.
    """

    spatial: int = 0
    transposed: bool = False
    grouped: bool = False
    depthwise: bool = False


#: The kinds of layers that an adapter may be asked for, by their names.
LAYER_KINDS: Final[Mapping[str, LayerKind]] = {
    "dense": LayerKind(),
    "conv1d": LayerKind(spatial=1),
    "conv2d": LayerKind(spatial=2),
    "conv3d": LayerKind(spatial=3),
    "conv1d_transpose": LayerKind(spatial=1, transposed=True),
    "conv2d_transpose": LayerKind(spatial=2, transposed=True),
    "conv3d_transpose": LayerKind(spatial=3, transposed=True),
    "grouped_conv2d": LayerKind(spatial=2, grouped=True),
    "depthwise_conv2d": LayerKind(spatial=2, grouped=True, depthwise=True),
}
#: Their names.
LAYERS: Final = tuple(LAYER_KINDS)
#: A bare weight of one axis, which is no layer.
VECTOR: Final = "vector"
#: The kinds that an adapter may be asked for with the framework's own initializer.
OWN_LAYERS = (
    "dense",
    "conv2d",
    "conv2d_transpose",
    "grouped_conv2d",
    "depthwise_conv2d",
    VECTOR,
)


@dataclass(frozen=True)
class Draw:
    """One weight to draw.

    Attributes:
        scheme: what to draw.
        shape: the storage shape.
        seed: 0 ≤ seed < 2⁶⁴ (a native engine may use its low 32 bits).
        path: the weight's path; native engines have none.
        axes: the role of each axis of the shape.
        dtype: float16, bfloat16, float32 or float64.
    """

    scheme: Scheme
    shape: tuple[int, ...]
    seed: int
    path: str | None = None
    axes: str = "kernel"
    dtype: str = "float32"


@dataclass(frozen=True)
class LayerDraw:
    """The kernel of one real layer to set.

    Attributes:
        kind: one of :data:`LAYERS`, or of :data:`OWN_LAYERS`.
        scheme: what to set the kernel to.
        inputs, outputs: features or channels.
        size: extent of the kernel on every spatial axis (dense has none).
        seed, path: they choose the stream of the kernel; the path is that of the kernel
            itself, not of its layer.
        groups: of a grouped convolution; a depthwise one has as many as inputs.
    """

    kind: str
    scheme: Scheme
    inputs: int
    outputs: int
    size: int
    seed: int
    path: str
    groups: int = 1


def layer_kind(name: str) -> LayerKind:
    """Return what a kind of layer is, by its name.

    Raises:
        FanwiseError: for a name that is none of :data:`LAYERS`.
    """
    if name not in LAYER_KINDS:
        raise FanwiseError("a kind of layer", name, did_you_mean(name, LAYERS))
    return LAYER_KINDS[name]


def grouped(draw: LayerDraw) -> Scheme:
    """Return the scheme of a layer's kernel, with its groups where they count."""
    counts = draw.groups > 1 and "groups" in draw.scheme.entry.parameters
    return draw.scheme.replace(groups=draw.groups) if counts else draw.scheme


class Adapter(Protocol):
    """A framework as the suite sees it. Arrays are NumPy's; bfloat16 is its uint16 bits.

    Attributes:
        name: the column of the report, e.g. ``"torch"`` or ``"keras-tensorflow"``.
        axes: the pattern of the framework's own kernels.
        modes: the ways in which the portable engine runs, e.g. ``("eager", "jit")``.
        layers: the kinds of layers that :meth:`layer` makes.
        deviations: the text of the adapter's deviations.toml.
    """

    name: str
    axes: str
    modes: tuple[str, ...]
    layers: tuple[str, ...]
    deviations: str

    def versions(self) -> Mapping[str, str]:
        """Return the version of each package that takes part."""
        ...

    def devices(self) -> tuple[str, ...]:
        """Return the devices that weights are drawn on."""
        ...

    def native(self, draw: Draw) -> NDArray[Any]:
        """Draw the weight by the framework's own sampler.

        Raises:
            FanwiseError: where the framework has none for the scheme.
        """
        ...

    def portable(self, draw: Draw, mode: str) -> NDArray[Any]:
        """Draw the weight from the portable stream, in one of the modes."""
        ...

    def layer(self, draw: LayerDraw) -> tuple[NDArray[Any], str]:
        """Set a real layer; return its kernel as stored, and the axes pattern of that storage."""
        ...


@runtime_checkable
class WithOwn(Protocol):
    """What an adapter may add, so that the framework's own initializers are judged.

    Attributes:
        name: as above.
        own_layers: the kinds of layers that :meth:`own` makes.
    """

    name: str
    own_layers: tuple[str, ...]

    def own(self, draw: LayerDraw) -> tuple[NDArray[Any], str]:
        """Set a real layer by the framework's own initializer of the scheme's name.

        As stored, with the axes pattern of that storage; the path has no meaning here.

        Raises:
            FanwiseError: where the framework has no initializer of that name.
        """
        ...


@runtime_checkable
class WithOwnNames(Protocol):
    """What an adapter may add, so that a report calls its own initializers by their names.

    Attributes:
        name: as above.
    """

    name: str

    def own_name(self, scheme: Scheme) -> str:
        """Return what users call, in full; the framework need not have it."""
        ...


@dataclass(frozen=True)
class ModelDraw:
    """One whole model to build, to set up and to run.

    Attributes:
        name: one of the models of the suite; :data:`MODELS` says what each is.
        recipe: how it starts.
        seed: of all its weights.
        inputs: a batch, with the channels last.
    """

    name: str
    recipe: Recipe
    seed: int
    inputs: NDArray[Any]


#: The models of the suite: the sizes, names and steps that every framework's must have.
MODELS = {
    "mlp": "up (6 to 16), relu, down (16 to 4)",
    "resnet": "stem (3×3, 3 to 8), norm, relu; conv1, norm1, relu, conv2, norm2, added to what "
    "came in, relu; mean over the image; head (8 to 4). No biases but head's; batch norms at "
    "inference, with epsilon 1e-5",
    "convnet": "first (3×3, 3 to 6), relu, depth (3×3 depthwise), relu, grouped (3×3, 6 to 8 in 2 "
    "groups), relu, up (2×2 transposed, stride 2, 8 to 5)",
    "encoder": "attention (2 heads of 4), added to what came in, norm1; up (8 to 16), gelu by "
    "tanh, down (16 to 8), added, norm2. Layer norms with epsilon 1e-5",
    "lstm": "embed (11 of 6), lstm (6 to 5), head (5 to 3) at every step",
}


@runtime_checkable
class WithModels(Protocol):
    """What an adapter may add, so that whole models are judged: the same function everywhere.

    Attributes:
        name: as above.
        models: the names of those of :data:`MODELS` that :meth:`model` builds.
    """

    name: str
    models: tuple[str, ...]

    def model(self, draw: ModelDraw) -> tuple[Mapping[str, NDArray[Any]], NDArray[Any]]:
        """Return the weights in canonical order by their paths, and the output, channels last."""
        ...


@dataclass(frozen=True)
class Started:
    """One weight of a layer that the framework itself started.

    Attributes:
        planned: the weight, and the scheme that the framework's own recipe gives it.
        values: what it started with, in the shape of the planned weight.
    """

    planned: Planned
    values: NDArray[Any]


@runtime_checkable
class WithStarts(Protocol):
    """What an adapter may add, so that its default recipe is judged against the framework.

    Attributes:
        name: as above.
        starts: the kinds of layers that :meth:`start` makes, by names of its own.
    """

    name: str
    starts: tuple[str, ...]

    def start(self, kind: str, seed: int) -> Sequence[Started]:
        """Return all weights of a real layer as the framework starts it if nothing is asked for.

        The layer of a kind is the same for every seed, but for its values. The suite draws
        it under as many seeds as its smallest random weight needs to be judged.
        """
        ...


@runtime_checkable
class WithRecipeStarts(Protocol):
    """What an adapter may add, so that recipes are judged against the models that they cite.

    Attributes:
        name: as above.
    """

    name: str

    def start_recipe(self, source: RecipeSource, seed: int) -> Sequence[Started]:
        """Return the weights that the recipe sets of a model as its library starts it.

        The library is there, and the model is the same for every seed, but for its values.
        Weights that the recipe keeps as they are have no part in it.
        """
        ...


@runtime_checkable
class WithChoice(Protocol):
    """What an adapter may add whose name is not that of its entry point: how it is chosen.

    Attributes:
        name: as above.
        entry: the name of its entry point.
        environment: the variables that made it this one, e.g. that of a backend.
    """

    name: str
    entry: str
    environment: Mapping[str, str]
