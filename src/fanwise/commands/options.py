"""Options that several commands have, each with one meaning and one help text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, TypeGuard

import typer

from fanwise.commands.arguments import pairs_of
from fanwise.commands.completions import complete_framework

TargetArgument = Annotated[
    str,
    typer.Argument(
        help="package.module:function, or folder/file.py:function, that builds the model; this "
        "runs it."
    ),
]
FrameworkOption = Annotated[
    str | None,
    typer.Option(
        help="torch, keras or flax; told by the model if left out.",
        autocompletion=complete_framework,
    ),
]
InputOption = Annotated[
    list[str] | None,
    typer.Option(
        "--input",
        help="What a module of linen, or a function of Haiku, is called with: a shape and a "
        "dtype, e.g. 1,224,224,3:float32; may be repeated.",
    ),
]
MetaFlag = Annotated[
    bool | None,
    typer.Option(
        "--meta/--no-meta",
        help="Build the model without memory for its values; left out, where it is large.",
    ),
]
VarOption = Annotated[
    list[str] | None, typer.Option(help="name=value of the recipe's; may be repeated.")
]
ShapesOption = Annotated[
    Path | None,
    typer.Option(
        help="Which weights there are: a checkpoint or its header, a model.safetensors.index.json, "
        "a config.json of transformers or its folder, JSON of shapes by names, or a pickled "
        "jax.eval_shape.",
    ),
]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")]
JsonFile = Annotated[
    Path | None,
    typer.Option(
        "--json",
        help="Write every claim to this file, as JSON; - prints it, and nothing else.",
        metavar="FILE",
    ),
]


def is_standard_output(path: Path) -> bool:
    """Tell whether a file is ``-``, which is the standard output."""
    return str(path) == "-"


def is_to_be_written(path: Path | None) -> TypeGuard[Path]:
    """Tell whether an output is asked for, and is a file."""
    return path is not None and not is_standard_output(path)


def read_variables(texts: Sequence[str] | None) -> dict[str, Any]:
    """Read variables of a recipe, each as ``name=value``, a number where it can be one.

    Args:
        texts: of the option ``--var``.

    Raises:
        FanwiseError: for what is no such text.

    Examples:
        >>> read_variables(["layers=24", "std=0.5 / layers"])
        {'layers': 24, 'std': '0.5 / layers'}
    """
    return pairs_of(texts or (), "a variable", "--var layers=24")
