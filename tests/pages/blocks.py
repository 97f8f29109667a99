"""The blocks of a page, and what is done with each."""

import re
from dataclasses import dataclass, replace

FENCE = re.compile(
    r"^(?P<indent> *)(?P<ticks>`{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=indent)(?P=ticks)`* *$",
    re.MULTILINE | re.DOTALL,
)
INFO = re.compile(r'(?P<language>\w*)(?: +title="(?P<title>[^"]+)")?(?: +hl_lines="[\d -]+")? *')
#: Commands that are for a reader's own machine: they install, or take minutes.
NOT_RUN = re.compile(r"((python -m )?pip install |nox -s ).+|#.*|")

#: A page that says this is read by search and by anchor: each block of Python runs without others.
ALONE = "<!-- each block runs by itself -->\n"
#: What three dots stand for in an output.
ANY = r"(?:.*\n)*"


class PageError(ValueError):
    """A page with a block that no one could check."""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page; ``line`` is that of its fence, ``behind`` the text before it."""

    line: int
    language: str
    title: str | None
    text: str
    behind: str


@dataclass(frozen=True)
class Step:
    """What is done with a block: ``write``, ``python``, ``console`` or ``toml``.

    One of Python that is ``alone`` knows nothing that the blocks before it have defined.
    """

    action: str
    line: int
    text: str
    shown: str | None = None
    name: str | None = None
    alone: bool = False


def blocks(page):
    """All fenced blocks of a page, with the indents of tabs and lists taken off."""
    end, found = 0, []
    for fence in FENCE.finditer(page):
        line = page.count("\n", 0, fence.start()) + 1
        info = INFO.fullmatch(fence["info"].strip())
        if info is None:
            raise PageError(f"line {line}: the fence says {fence['info'].strip()!r}")
        text = re.sub(rf"^ {{0,{len(fence['indent'])}}}", "", fence["text"], flags=re.MULTILINE)
        found.append(Block(line, *info.group("language", "title"), text, page[end : fence.start()]))
        end = fence.end()
    return found


def steps(page):
    """What is done with the blocks of a page, in order; an output belongs to the block above it."""
    planned = []
    for block in blocks(page):
        step = Step(block.language, block.line, block.text, alone=ALONE in page)
        if block.title:
            planned.append(Step("write", block.line, block.text, name=block.title))
        elif block.language == "text":
            planned[-1:] = [_with_output(planned, block)]
        elif block.language == "sh":
            _check_that_it_installs(block)
        elif block.language in ("python", "console", "toml"):
            planned.append(step)
        else:
            raise PageError(f"line {block.line}: blocks of {block.language!r} are not checked")
    return planned


def commands(text):
    """The commands of a console block, each with the lines that it is to print."""
    first, *others = re.split(r"^\$ ", text, flags=re.MULTILINE)
    if first or not others:
        raise PageError(f"a console begins with a command, behind '$ ', not with {text[:40]!r}")
    parts = (re.match(r"((?:.*\\\n)*.*)\n?((?s:.*))", other).groups() for other in others)
    return [list(part) for part in parts]


def agrees(shown, printed):
    """Whether an output is what a page shows, in which a line of three dots is any lines."""
    forms = (ANY if line == "..." else re.escape(line) + r"\n" for line in _lines(shown))
    lines = "".join(f"{line}\n" for line in _lines(printed))
    return re.fullmatch("".join(forms), lines) is not None


def _lines(text):
    return [line.rstrip() for line in text.rstrip().splitlines()]


def _with_output(planned, block):
    is_right_behind = planned and planned[-1].action == "python" and not block.behind.strip()
    if not is_right_behind or planned[-1].shown is not None:
        raise PageError(f"line {block.line}: a text is right behind the python that prints it")
    return replace(planned[-1], shown=block.text)


def _check_that_it_installs(block):
    for line in block.text.splitlines():
        if not NOT_RUN.fullmatch(line):
            raise PageError(f"line {block.line}: {line!r} neither installs nor is of nox: console")
