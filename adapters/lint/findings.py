"""What the lint says: a finding, and the table of its codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, order=True)
class LintFinding:
    """A place in a source whose weights will not start as it reads.

    Attributes:
        path: of the file, as it was given or found.
        line: where it begins, from 1.
        column: of that line, in characters, from 1.
        end_line: where it ends.
        end_column: behind its last character.
        code: of the kind, e.g. ``"FW101"``.
        message: what is wrong here, in a sentence.
        fix: what to write instead.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    message: str
    fix: str


@dataclass(frozen=True)
class Code:
    """A kind of finding.

    Attributes:
        name: in words with hyphens.
        summary: what is wrong with all of its kind.
        fix: what to write instead.
    """

    name: str
    summary: str
    fix: str


#: The code of what cannot be parsed, decoded, held and read.
SYNTAX, TEXT, SIZE, UNREADABLE = "FW901", "FW902", "FW903", "FW904"

CODES: Final = {
    "FW101": Code(
        "bounds-beyond-truncation",
        "The bounds of a truncated normal are absolute, and lie beyond 5 standard deviations: "
        "nothing is cut.",
        "Give bounds in standard deviations, a=-2 * std, b=2 * std, or draw with normal_.",
    ),
    "FW102": Code(
        "truncated-normal-in-half-precision",
        "A truncated normal is drawn in half precision: it has few distinct values, and in older "
        "torch its tails collapse onto the bounds.",
        "Draw into a float32 tensor, and round the result once: weight.copy_(drawn).",
    ),
    "FW103": Code(
        "draw-in-half-precision",
        "A weight is drawn in half precision: few distinct values, coarse tails, exact zeros.",
        "Draw in float32, transform there, and cast last: torch.randn(...).to(torch.bfloat16).",
    ),
    "FW201": Code(
        "scale-through-slope",
        "`a` of kaiming_* is the slope of a leaky ReLU: the larger it is, the smaller the weights "
        "are; a scale does not go there.",
        "Keep a=math.sqrt(5), or whatever slope there is, and multiply the weight by the scale.",
    ),
    "FW202": Code(
        "slope-without-effect",
        "`a` of kaiming_* counts for nonlinearity='leaky_relu' alone; with another it is ignored.",
        "Leave `a` out, or leave the nonlinearity out.",
    ),
    "FW203": Code(
        "fans-of-transposed-convolution",
        "The weight of a transposed convolution is stored (in, out, ...): its fan_in and fan_out "
        "are taken for each other.",
        "Ask for mode='fan_out' to get the fan that the layer sums over, or use fanwise, which "
        "knows the axes.",
    ),
    "FW204": Code(
        "fans-of-packed-projections",
        "Projections that are packed into one matrix are scaled as one: fan_out is a multiple of "
        "that of each, and the weights start smaller.",
        "Initialize each part by itself: for part in weight.chunk(3): xavier_uniform_(part).",
    ),
    "FW205": Code(
        "fans-of-a-vector",
        "A vector has no fans: the call raises ValueError.",
        "Use zeros_, or uniform_ with the bound of the weight that it stands beside.",
    ),
    "FW301": Code(
        "salted-seed",
        "hash() of a string differs from process to process: a seed made of it cannot be "
        "repeated, and ranks disagree.",
        "Use zlib.crc32(name.encode()) or hashlib, or give fanwise the path of the weight.",
    ),
    "FW302": Code(
        "one-seed-for-every-tensor",
        "Each tensor is drawn after the same seed was set: weights of one shape are equal, "
        "others begin with the same numbers.",
        "Seed once, before the first draw, or make the seed of each depend on its name.",
    ),
    "FW303": Code(
        "key-used-twice",
        "A key of JAX is used for several draws: they are equal or correlated.",
        "Split it: key, subkey = jax.random.split(key), one for each draw.",
    ),
    "FW304": Code(
        "initializer-used-twice",
        "An initializer of Keras gives the same values each time that it is called: weights of "
        "one shape are equal.",
        "Make an initializer for each weight, with a seed of its own.",
    ),
    "FW401": Code(
        "parameter-never-written",
        "A parameter is made of uninitialized memory, and nothing here writes it.",
        "Write it in reset_parameters or _init_weights, or begin with torch.zeros or torch.ones.",
    ),
    "FW402": Code(
        "write-to-a-copy",
        "What is initialized is a copy that is thrown away: the weight stays as it was.",
        "Initialize the weight itself, or copy the result back: weight.copy_(drawn).",
    ),
    "FW403": Code(
        "write-through-data",
        "Written through .data, a weight is set whether or not it was loaded: what guards "
        "loaded weights, or skips the start, looks at torch.nn.init alone.",
        "Use the function of torch.nn.init, such as nn.init.normal_(module.weight, std=std).",
    ),
    SYNTAX: Code(
        "not-python", "The file is not Python that this interpreter can parse.", "Mend the syntax."
    ),
    TEXT: Code(
        "not-text", "The file is not text in the encoding that it declares.", "Save it as UTF-8."
    ),
    SIZE: Code(
        "too-large", "The file is larger or deeper than a source that people write.", "Exclude it."
    ),
    UNREADABLE: Code("unreadable", "The file cannot be read.", "Make it readable, or exclude it."),
}
