"""What the pickles of torch may name, and what it means: tensors of storages, and plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.numbers import NUMBERS
from fanwise.adapters.files.pickled_values import Instance, Name, Pairs

_ADVICE: Final = (
    "Nothing of a pickle is run. In a Python that trusts the file, save its state dict alone: "
    "torch.save(model.state_dict(), path)."
)
#: The dtypes of torch, by their names there, and those of its old storages.
DTYPES: Final = {
    **{name: name for name in NUMBERS},
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "long": "int64",
    "int": "int32",
    "short": "int16",
    "complex64": "complex64",
    "complex128": "complex128",
    "complex32": "complex32",
    "cfloat": "complex64",
    "cdouble": "complex128",
    "chalf": "complex32",
    **{name: name for name in ("qint8", "quint8", "qint32", "quint4x2", "quint2x4")},
    **{name: name for name in ("bits8", "bits16", "float4_e2m1fn_x2")},
}
_STORAGES: Final = {
    "FloatStorage": "float32",
    "DoubleStorage": "float64",
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "LongStorage": "int64",
    "IntStorage": "int32",
    "ShortStorage": "int16",
    "CharStorage": "int8",
    "ByteStorage": "uint8",
    "BoolStorage": "bool",
    "ComplexFloatStorage": "complex64",
    "ComplexDoubleStorage": "complex128",
    "UntypedStorage": "",
    "QInt8Storage": "qint8",
    "QUInt8Storage": "quint8",
    "QInt32Storage": "qint32",
    "QUInt4x2Storage": "quint4x2",
    "QUInt2x4Storage": "quint2x4",
}
#: Classes of plain data that stand beside tensors in checkpoints; what they hold is not kept.
_PLAIN: Final = frozenset(
    {
        *("argparse.Namespace", "types.SimpleNamespace", "pathlib.PosixPath", "pathlib.Path"),
        *("numpy.dtype", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar"),
        *("numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct"),
        *("numpy._core.numeric._frombuffer", "numpy.ndarray", "_codecs.encode"),
        *("torch.device", "torch.Generator", "torch.serialization._get_layout"),
        *("torch.nn.parameter.Parameter", "torch.Tensor", "torch._tensor.Tensor"),
        *("torch.nn.parameter.Buffer", "datetime.datetime", "datetime.timedelta"),
        *("torch.nn.parameter.UninitializedParameter", "torch.distributed._shard.metadata"),
        *("builtins.slice", "builtins.complex", "builtins.range"),
    }
)
_DICTS: Final = frozenset({"collections.OrderedDict", "collections.defaultdict", "builtins.dict"})
_LISTS: Final = frozenset(
    {"builtins.list", "builtins.set", "builtins.frozenset", "builtins.tuple", "torch.Size"}
)
#: Rebuilds a tensor whose values are not in the file, or are not numbers one by one.
_UNREADABLE: Final = {
    "torch._utils._rebuild_qtensor": "which is quantized",
    "torch._utils._rebuild_sparse_tensor": "which is sparse",
    "torch._utils._rebuild_sparse_csr_tensor": "which is sparse",
    "torch._utils._rebuild_nested_tensor": "which is a nested tensor",
    "torch._utils._rebuild_meta_tensor_no_storage": "which was on meta, without values",
    "torch._utils._rebuild_wrapper_subclass": "which is of a class of tensors of its own",
}


@dataclass(frozen=True)
class Storage:
    """Numbers in a row that tensors lie in.

    Attributes:
        key: of it in the file.
        dtype: of its elements; ``""`` where it is bytes, and each tensor says what they are.
        count: of elements.
        start: of it in another storage, in elements; old files have such views.
    """

    key: str
    dtype: str
    count: int
    start: int = 0


@dataclass(frozen=True)
class TorchTensor:
    """A tensor of a pickle.

    Attributes:
        storage: that it lies in; none where it cannot be read.
        offset: of its first element there, in elements.
        shape, strides: in elements, as the pickle has them.
        dtype: by torch's name.
        reason: why it cannot be read.
    """

    storage: Storage | None
    offset: Any
    shape: Any
    strides: Any
    dtype: str
    reason: str = ""


class TorchReader:
    """What the names in a pickle of torch mean."""

    def refer(self, name: Name) -> Any:
        """Return the dtype that a name stands for, or the name, if it may be called."""
        full = _modern(name)
        if name.module == "torch" and name.name in DTYPES:
            return Instance("dtype", (DTYPES[name.name],))
        if name.module in ("torch", "torch.storage") and name.name in _STORAGES:
            return name
        known = (_PLAIN, _DICTS, _LISTS, _UNREADABLE, _REBUILDERS)
        if any(full in names for names in known):
            return name
        if name.module == "torch" and name.name in ("strided", "sparse_coo", "per_tensor_affine"):
            return Instance("layout", ())
        raise broken("tensors and plain data alone", f"a reference to {quoted(name)}", _ADVICE)

    def call(self, name: Name, arguments: tuple[Any, ...]) -> Any:
        """Return the tensor, or the data, that a call makes."""
        full = _modern(name)
        if full in _REBUILDERS:
            return _REBUILDERS[full](*arguments)
        if full == "torch._tensor._rebuild_from_type_v2":
            return self._rebuilt_from_type(arguments)
        if full in _UNREADABLE:
            return TorchTensor(None, 0, (), (), "", _UNREADABLE[full])
        if full in _DICTS:
            return _dict_of(arguments)
        if full in _LISTS:
            return _list_of(arguments)
        if full in _PLAIN:
            return Instance(full, ())
        raise broken("tensors and plain data alone", f"a call of {quoted(name)}", _ADVICE)

    def persistent(self, key: Any) -> Any:
        """Return the storage that a key of the pickle stands for."""
        match key:
            case ("storage", Name() as kind, str() as label, _, int() as count, *views):
                dtype = _STORAGES.get(kind.name)
                if dtype is not None and type(count) is int and count >= 0:
                    return _view(Storage(label, dtype, count), views)
        raise broken("a storage of torch", "another reference out of the pickle", _ADVICE)

    def _rebuilt_from_type(self, arguments: tuple[Any, ...]) -> Any:
        match arguments:
            case (Name() as function, Name(), tuple() as inner, *_):
                return self.call(function, inner)
        raise broken("a tensor of a known class", "another one", _ADVICE)


def _modern(name: Name) -> str:
    """Return a name as Python 3 writes it."""
    module = {"__builtin__": "builtins", "torch.Tensor": "torch"}.get(name.module, name.module)
    return f"{module}.{name.name}"


def _view(storage: Storage, views: list[Any]) -> Storage:
    match views:
        case [] | [None]:
            return storage
        case [(_, int() as start, int() as count)] if 0 <= start <= start + count <= storage.count:
            return Storage(storage.key, storage.dtype, count, start)
    raise broken("a part of a storage", "one that leaves it")


def _dict_of(arguments: tuple[Any, ...]) -> Pairs:
    """Make a dict, which shares its items with what it is made of: copies could be a bomb."""
    match arguments:
        case (list() as items,):
            return Pairs(items)
        case (Pairs() as pairs,) | (Name(), Pairs() as pairs):
            return Pairs(pairs.items)
    return Pairs()


def _list_of(arguments: tuple[Any, ...]) -> list[Any] | tuple[Any, ...]:
    match arguments:
        case (list() | tuple() as items,):
            return items
    return []


def _tensor(storage: Any, offset: Any, shape: Any, strides: Any, *_: Any) -> TorchTensor:
    if not isinstance(storage, Storage) or not storage.dtype:
        raise broken("a tensor of a storage with a dtype", "another one")
    return TorchTensor(storage, offset, shape, strides, storage.dtype)


def _tensor_with_dtype(
    storage: Any, offset: Any, shape: Any, strides: Any, *more: Any
) -> TorchTensor:
    _gradient, _hooks, dtype, *_ = more
    if not isinstance(storage, Storage) or not isinstance(dtype, Instance) or not dtype.arguments:
        raise broken("a tensor of a storage and a dtype", "another one")
    return TorchTensor(storage, offset, shape, strides, dtype.arguments[0])


def _parameter(data: Any, *_: Any) -> TorchTensor:
    if not isinstance(data, TorchTensor):
        raise broken("a parameter of a tensor", f"one of {quoted(type(data).__name__)}")
    return data


_REBUILDERS: Final[dict[str, Any]] = {
    "torch._utils._rebuild_tensor": _tensor,
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_tensor_v3": _tensor_with_dtype,
    "torch._utils._rebuild_parameter": _parameter,
    "torch._utils._rebuild_parameter_with_state": _parameter,
    "torch._tensor._rebuild_from_type_v2": None,
}
