"""The command line: ``fanwise``, or ``python -m fanwise``."""

from __future__ import annotations

import sys
from typing import Annotated, Final, NoReturn

try:
    import rich  # noqa: F401 - the commands need it
    import typer
except ImportError:  # pragma: no cover - shown to a user of the base install
    sys.exit("The command line needs its extra: pip install 'fanwise[cli]'.")

from fanwise.commands.adapters import adapters
from fanwise.commands.audits import audit, capture
from fanwise.commands.conformance import calibration, conformance, mutants, verdict
from fanwise.commands.demo import demo
from fanwise.commands.lint import lint
from fanwise.commands.models import paths, plan
from fanwise.commands.schemes import schemes
from fanwise.commands.streams import give_up_output, lenient_streams
from fanwise.spec import FanwiseError
from fanwise.spec.errors import printable
from fanwise.spec.versions import package_version, spec_version

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)
#: In the order in which the help lists them.
for command in (demo, schemes, paths, plan, adapters, audit, capture, lint, conformance, mutants, calibration, verdict):
    app.command()(command)

#: What is installed by which extra, where a command needs more than the command line does.
_EXTRAS: Final = {"scipy": "conformance", "jinja2": "conformance", "pytest": "conformance"}
#: The exit status of a call that cannot be carried out, as that of an unknown option.
_WRONG_CALL: Final = 2


def _print_version(asked: bool) -> None:  # noqa: FBT001 (as typer calls it)
    if asked:
        print(f"fanwise {package_version()}, specification {spec_version()}")
        raise typer.Exit


@app.callback()
def fanwise(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Weight initializers that mean one thing, and give one result, in every framework."""


def main() -> None:
    """Run the command line; bad input ends it with its message alone, in one line."""
    try:
        with lenient_streams():
            app()
    except FanwiseError as error:
        _end(str(error))
    except OSError as error:  # such as a full disk
        give_up_output()
        _end(f"The output cannot be written: {error.strerror or error}.")
    except ModuleNotFoundError as error:
        missing = str(error.name).partition(".")[0]
        if missing not in _EXTRAS:
            raise
        _end(f"This command needs {missing}: pip install 'fanwise[{_EXTRAS[missing]}]'.")


def _end(message: str) -> NoReturn:
    sys.stderr.write(f"fanwise: {printable(message)}\n")
    sys.exit(_WRONG_CALL)


if __name__ == "__main__":
    main()
