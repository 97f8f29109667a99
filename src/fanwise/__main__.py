"""The command line: ``fanwise``, or ``python -m fanwise``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Final

try:
    import rich  # noqa: F401 - the commands need it
    import typer
except ImportError:  # pragma: no cover - shown to a user of the base install
    sys.exit("The command line needs its extra: pip install 'fanwise[cli]'.")

from fanwise.commands.adapters import adapters
from fanwise.commands.audits import audit, capture
from fanwise.commands.command_line import CommandLine, HelpedCommand
from fanwise.commands.conformance import calibration, conformance, mutants, verdict
from fanwise.commands.demo import demo
from fanwise.commands.lint import lint
from fanwise.commands.models import paths, plan
from fanwise.commands.plot import plot
from fanwise.commands.recipes import recipe, recipes
from fanwise.commands.sample import sample
from fanwise.commands.schemes import schemes
from fanwise.commands.show import show
from fanwise.commands.streams import lenient_streams
from fanwise.commands.verify import verify
from fanwise.commands.write import write
from fanwise.spec.versions import package_version, spec_version

app = typer.Typer(
    cls=CommandLine,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
#: What the help lists, in its order: the commands under the heading of what they are about.
_COMMANDS: Final[Mapping[str, Sequence[Callable[..., None]]]] = {
    "Begin": (demo,),
    "Schemes": (schemes, show, plot, sample),
    "Recipes and models": (recipes, recipe, paths, plan, capture, write),
    "Checks": (audit, verify, lint),
    "Conformance": (adapters, conformance, verdict, mutants, calibration),
}
for heading, commands in _COMMANDS.items():
    for command in commands:
        app.command(cls=HelpedCommand, rich_help_panel=heading)(command)


def _print_version(asked: bool) -> None:  # noqa: FBT001 (as typer calls it)
    if asked:
        print(f"fanwise {package_version()}, specification {spec_version()}")
        raise typer.Exit


@app.callback()
def fanwise(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", "-V", callback=_print_version, is_eager=True, help="Show the version."
        ),
    ] = False,
) -> None:
    """Start the weights of neural networks: one meaning, and one result, in every framework.

    Examples:
        $ fanwise schemes
        $ fanwise show he_normal --shape 512,256
        $ fanwise audit model.safetensors --recipe gpt2
    """


def main() -> None:
    """Run the command line; bad input ends it with its message alone, in one line."""
    with lenient_streams():
        app()


if __name__ == "__main__":
    main()
