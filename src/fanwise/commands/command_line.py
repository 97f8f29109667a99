"""How every command is called: its help, and one clear line for what cannot be carried out."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from fanwise.commands.console import is_coloured, page_width
from fanwise.commands.signals import INTERRUPTED, stopped_in_order
from fanwise.commands.streams import give_up_output, write_error
from fanwise.commands.typed_options import check_typed
from fanwise.spec.errors import FanwiseError, did_you_mean, printable

#: The exit status of a call that cannot be carried out.
WRONG_CALL: Final = 2
#: What is installed by which extra, where a command needs more than the command line does.
_EXTRAS: Final = {
    "scipy": "conformance",
    "jinja2": "conformance",
    "pytest": "conformance",
    "matplotlib": "plot",
}
#: An error of what is no choice, in the words of every version of Typer.
_NO_CHOICE: Final = re.compile(r"'([^']*)' is not one of (.*)", re.DOTALL)
_QUOTED: Final = r"'([^']*)'"
# Typer brings Click along from some version on: its errors are known by those that Typer names.
_ClickException: Final[Any] = typer.BadParameter.__mro__[2]


class HelpedCommand(TyperCommand):
    """A command whose help is as wide and as colourful as what it prints."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help."""
        _fit_help()
        super().format_help(ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments.

        Raises:
            FanwiseError: for a value that is not of its option's type.
        """
        given = list(args)
        try:
            rest = super().parse_args(ctx, args)
        except typer.BadParameter:
            self._check_typed(ctx, given)
            raise
        if not ctx.resilient_parsing:
            self._check_typed(ctx, given)
        return rest

    def _check_typed(self, ctx: Any, args: list[str]) -> None:
        """Look at the values as they were written, which no error of Typer's tells."""
        options, _, _ = self.make_parser(ctx).parse_args(args=list(args))
        flags = {param.name: param.opts[0] for param in self.params if param.opts[0][:1] == "-"}
        if self.callback is not None:
            check_typed(self.callback, options, flags, f"See '{ctx.command_path} -h'.")


class CommandLine(TyperGroup):
    """All commands. A call that is wrong ends with one line, and the exit status 2."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help."""
        _fit_help()
        super().format_help(ctx, formatter)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that is asked for.

        Raises:
            FanwiseError: where there is none of its name.
        """
        known = self.list_commands(ctx)
        if args[0] not in known and not ctx.resilient_parsing:
            hint = f"{did_you_mean(args[0], known)} See 'fanwise -h'."
            raise FanwiseError("a command", args[0], hint)
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **options: Any) -> NoReturn:
        """Run a command, and exit with its status."""
        with stopped_in_order() as stopped:
            self._run(stopped, *args, **options)

    def _run(self, stopped: Sequence[int], *args: Any, **options: Any) -> NoReturn:
        try:
            status = super().main(
                *args, **{"prog_name": "fanwise", **options, "standalone_mode": False}
            )
        except FanwiseError as error:
            _end(str(error))
        except _ClickException as error:
            _end(_told(error))
        except typer.Abort:
            _end("Stopped.", status=(*stopped, INTERRUPTED)[0])
        except OSError as error:  # such as a full disk
            give_up_output()
            named = "" if error.filename is None else f" to {str(error.filename)!r}"
            _end(f"The output cannot be written{named}: {error.strerror or error}.")
        except MemoryError:
            _end("There is too little memory for this. Ask for less of it at a time.")
        except ModuleNotFoundError as error:
            missing = str(error.name).partition(".")[0]
            if missing not in _EXTRAS:
                raise
            _end(f"This command needs {missing}: pip install 'fanwise[{_EXTRAS[missing]}]'.")
        if status == INTERRUPTED:  # as Typer tells it
            _end("Stopped.", status=(*stopped, INTERRUPTED)[0])
        sys.exit(status or 0)


def _told(error: Any) -> str:
    """Say in one line what is wrong with a call, and what was meant by it."""
    if type(error).__name__ == "NoArgsIsHelpError":  # the help has been printed
        return ""
    context = error.ctx
    path = "fanwise" if context is None else context.command_path
    hint = f"See '{path} -h'."
    known = [] if context is None else _options_of(context.command.get_params(context))
    option = getattr(error, "option_name", None)
    if option and known and option not in known:
        hint = f"{did_you_mean(option, known)} {hint}"
        return str(FanwiseError(f"an option of {path}", option, hint))
    message = " ".join(error.format_message().split()).replace("Value error, ", "")
    if wrong := _NO_CHOICE.search(message):
        hint = f"{did_you_mean(wrong[1], re.findall(_QUOTED, wrong[2]))} {hint}"
        message = message[: wrong.start()] + f"{wrong[1]!r}"
    return f"{message.rstrip('.')}. {hint}"


def _options_of(params: Sequence[Any]) -> list[str]:
    return [name for param in params for name in param.opts if name.startswith("-")]


def _end(message: str, status: int = WRONG_CALL) -> NoReturn:
    if message:
        write_error(f"fanwise: {printable(message)}\n")
    sys.exit(status)


def _fit_help() -> None:
    """Let Typer print as :func:`fanwise.commands.console.console` does, and cut nothing."""
    from rich.text import Text
    from typer import rich_utils  # slow to import, and for help alone

    class FoldedText(Text):
        """What is broken where a column is too narrow for it, as Typer's columns cut it."""

        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **{"overflow": "fold", **options})

    def folded(lights_up: Callable[[Any], Text]) -> Callable[[Any], Text]:
        """Break likewise what is lit up: options, and those that say no."""

        def lit(text: Any) -> Text:
            options = lights_up(text)
            options.overflow = "fold"
            return options

        return lit

    coloured = is_coloured(sys.stdout)
    settings = {
        "MAX_WIDTH": page_width(sys.stdout),
        "FORCE_TERMINAL": coloured,
        "COLOR_SYSTEM": "standard" if coloured else None,
        "Text": FoldedText,
        "highlighter": folded(rich_utils.OptionHighlighter()),
        "negative_highlighter": folded(rich_utils.NegativeOptionHighlighter()),
    }
    for name, value in settings.items():
        setattr(rich_utils, name, value)
