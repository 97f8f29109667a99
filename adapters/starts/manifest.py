"""The description of a start that stands with its files: start.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from fanwise.adapters.starts.digests import TensorDigest, start_digest
from fanwise.adapters.starts.start import ModelStart
from fanwise.spec.catalogue import catalogue

#: The name of the description.
NAME: Final = "start.json"
#: The version of its form.
VERSION: Final = 1


def manifest_of(
    start: ModelStart, form: str, files: Mapping[str, str], digests: Mapping[str, TensorDigest]
) -> str:
    """Write the description of a start; the same bytes for the same start.

    Args:
        start: what was written.
        form: the format of its files, ``"safetensors"``.
        files: the file of each tensor, by the tensor's name.
        digests: of each tensor, by its name.
    """
    held = {name: digest.sha256 for name, digest in digests.items()}
    data = {
        **described(start, form),
        "digest": start_digest(held),
        "tensors": [
            {
                "name": tensor.name,
                "shape": list(tensor.shape),
                "dtype": tensor.dtype,
                "weights": list(tensor.paths),
                "copied": tensor.is_copied,
                "file": files.get(tensor.name, ""),
                "sha256": held[tensor.name],
            }
            for tensor in start.tensors
        ],
        "weights": [weight.to_dict() for weight in start.weights],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def described(start: ModelStart, form: str) -> dict[str, Any]:
    """Return what a description says of a start as a whole, before anything is drawn."""
    return {
        "fanwise_start": VERSION,
        "spec": catalogue().version,
        "seed": start.seed,
        "recipe": start.recipe.to_toml(),
        "variables": dict(start.recipe.variables),
        "framework": start.framework,
        "form": start.form,
        "format": form,
        "ties": dict(start.ties),
        # What another framework does not have would tell which one it was.
        "left_out": list(start.left_out) if start.framework else [],
    }
