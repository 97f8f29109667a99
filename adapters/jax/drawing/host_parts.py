"""Weights that only the host can make, laid on a mesh: each device is handed its own part.

A plain callback would hand all of a weight to one device, from which all others fetch theirs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import PartitionSpec


def can_be_parted(sharding: Any) -> bool:
    """Tell whether each device can be handed its own part of what lies so.

    Not with a JAX before 0.6, not in code that is written for one device already, and not where
    the compiler is to choose how an axis lies.
    """
    if sharding is None or not hasattr(jax, "shard_map"):
        return False
    if not all(entry is None or isinstance(entry, str | tuple) for entry in sharding.spec):
        return False
    return not is_for_one_device()


def is_for_one_device() -> bool:
    """Tell whether code is written for one device already, as within ``jax.shard_map``."""
    get_mesh = getattr(jax.sharding, "get_abstract_mesh", None)
    return get_mesh is not None and bool(getattr(get_mesh(), "manual_axes", ()))


def in_parts(
    handed: Callable[[Any, tuple[slice, ...]], Any],
    words: Any,
    *,
    part: jax.ShapeDtypeStruct,
    sharding: Any,
) -> Any:
    """Return, in traced code, an array of which the host hands each device its part.

    Args:
        handed: of the words and of an index, both known by then, that part as a NumPy array.
        words: what the host is told.
        part: shape and dtype of every part; axes beyond those of the sharding are whole.
        sharding: how the array is to lie, with a mesh that can be an abstract one.
    """
    mesh = sharding.mesh
    spec = tuple(sharding.spec)

    def handed_by_number(words: Any, numbers: Any) -> Any:
        return handed(words, _index(np.asarray(numbers).tolist(), part.shape))

    def of_device(words: Any) -> Any:
        numbers = [_number(_names(entry), mesh) for entry in spec]
        told = jnp.stack(numbers) if numbers else jnp.zeros(0, jnp.int32)
        return jax.pure_callback(handed_by_number, part, words, told, vmap_method="sequential")

    mapped = jax.shard_map(
        of_device, mesh=mesh, in_specs=PartitionSpec(), out_specs=sharding.spec, check_vma=False
    )
    return mapped(jnp.asarray(words))


def _names(entry: Any) -> tuple[str, ...]:
    if entry is None:
        return ()
    return (entry,) if isinstance(entry, str) else tuple(entry)


def _number(names: tuple[str, ...], mesh: Any) -> Any:
    """Return which part along an axis that so many axes of the mesh cut a device has."""
    number = jnp.zeros((), jnp.int32)
    for name in names:
        number = number * mesh.shape[name] + jax.lax.axis_index(name).astype(jnp.int32)
    return number


def _index(numbers: list[int], shape: tuple[int, ...]) -> tuple[slice, ...]:
    sizes = zip(numbers, shape, strict=False)
    return tuple(slice(number * size, (number + 1) * size) for number, size in sizes)


def takers(sharding: Any) -> int:
    """Return how many devices of this process take a part; of an abstract mesh, an estimate."""
    mesh = sharding.mesh
    if isinstance(mesh, jax.sharding.Mesh):
        return sum(1 for _ in mesh.local_devices)
    return max(1, int(mesh.size // jax.process_count()))


@dataclass
class WholeWeights:
    """The whole weights that the devices of this process are taking parts of, made once for all.

    A weight is let go when all have taken theirs. Devices may be at different weights, but of more
    than a few (where a program has failed, say) the oldest is let go, and made again if need be.
    """

    most: int = 4
    _held: dict[Hashable, tuple[Any, int]] = field(default_factory=dict)
    _lock: Any = field(default_factory=threading.Lock)

    def get(self, request: Hashable, make: Callable[[], Any], count: int) -> Any:
        """Return the weight of a request, which so many devices are going to ask for."""
        with self._lock:
            made, left = self._held.pop(request, (None, count))
            if made is None:
                made = make()
            if left > 1:
                while len(self._held) >= self.most:
                    self._held.pop(next(iter(self._held)))
                self._held[request] = made, left - 1
            return made

    def __len__(self) -> int:
        return len(self._held)


WHOLE: Final = WholeWeights()
