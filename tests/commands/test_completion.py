"""What shells complete, by the protocol of each, and the scripts that ask for it."""

import subprocess

import pytest

ASKS = {
    "bash": lambda line: {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)},
    "zsh": lambda line: {"_TYPER_COMPLETE_ARGS": line},
    "fish": lambda line: {
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    },
}


@pytest.fixture(params=ASKS)
def complete(request, run):
    """Returns what a shell is offered for a line."""

    def complete(line):
        asked = ASKS[request.param](line)
        return run(_FANWISE_COMPLETE=f"complete_{request.param}", **asked).stdout

    return complete


@pytest.mark.parametrize(
    ("line", "offered", "others"),
    [
        ("fanwise sch", ["schemes"], ["recipes"]),
        ("fanwise show he_", ["he_normal", "he_uniform"], ["glorot"]),
        ("fanwise plot glorot", ["glorot_normal"], ["he_normal"]),
        ("fanwise recipe vit_t", ["vit_timm", "vit_torchvision"], ["gpt2"]),
        ("fanwise audit x --recipe gp", ["gpt2", "gpt_oss"], ["vit"]),
        ("fanwise plan m:f gp", ["gpt2", "gpt_oss"], ["vit"]),
        ("fanwise conformance --adapter to", ["torch"], ["keras"]),
        ("fanwise show he_normal --dtype bf", ["bfloat16"], ["float32"]),
        ("fanwise show he_normal --axes tor", ["torch", "torch_transposed"], ["kernel"]),
        ("fanwise paths m:f --framework to", ["torch"], ["keras"]),
        ("fanwise show --sh", ["--shape"], ["--axes"]),
    ],
)
def test_a_shell_completes_commands_options_and_values(complete, line, offered, others):
    shown = complete(line)
    assert all(word in shown for word in offered)
    assert not any(word in shown for word in others)


def test_a_line_with_a_command_that_there_is_not_offers_nothing(complete):
    assert "Traceback" not in complete("fanwise nothing he_")


@pytest.mark.parametrize("shell", ASKS)
def test_a_shell_is_given_the_script_that_asks(run, shell):
    done = run(_FANWISE_COMPLETE=f"source_{shell}")
    assert done.returncode == 0
    assert "_FANWISE_COMPLETE" in done.stdout


def test_bash_takes_the_script(run, tmp_path):
    script = run(_FANWISE_COMPLETE="source_bash").stdout
    done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
