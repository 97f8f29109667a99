"""Do the steps of one page, in one process, in the current folder: python worker.py STEPS RESULTS.

The blocks of Python are one script, in which each stands on the lines that it has on the page: an
error names the line, and a class shows its source. On a page that says so each is a script by
itself.
"""

import contextlib
import io
import json
import linecache
import subprocess
import sys
import tempfile
import tomllib
import traceback
import types
from pathlib import Path

from blocks import agrees, commands


class Session:
    """A page, from its first block to its last."""

    def __init__(self, steps, script):
        self.steps = steps
        self.script = str(script)
        self.main = None
        lines = []
        for step in steps:
            if step["action"] == "python":
                lines += [""] * (step["line"] - len(lines)) + step["text"].splitlines()
        Path(script).write_text("\n".join(lines) + "\n", "utf-8")

    def faults(self):
        """What is not as the page says; nothing behind a block that failed is run."""
        sys.argv = [self.script]
        self.begin()
        sys.path[0] = str(Path.cwd())
        for step in self.steps:
            try:
                fault = getattr(self, step["action"])(step)
            except (Exception, SystemExit) as error:  # noqa: BLE001 -- a page runs any code
                fault = "".join(traceback.format_exception(error))
            if fault:
                return [f"line {step['line']}: {fault}"]
        return []

    def begin(self):
        """Forget what the blocks have defined so far; what they imported stays loaded."""
        self.main = types.ModuleType("__main__")
        self.main.__file__ = self.script
        sys.modules["__main__"] = self.main

    def write(self, step):
        file = Path(step["name"])
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(step["text"], "utf-8")

    def python(self, step):
        if step["alone"]:
            self.begin()
        linecache.checkcache(self.script)
        code = compile("\n" * step["line"] + step["text"], self.script, "exec")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, vars(self.main))
        return _difference("it", step["shown"], printed.getvalue())

    def console(self, step):
        with tempfile.TemporaryDirectory() as folder:
            script = ""
            typed = commands(step["text"])
            for i, (command, _) in enumerate(typed):
                script += f"{{ {command}\n}} >{folder}/{i}.out 2>{folder}/{i}.err </dev/null\n"
                script += f"echo $? >{folder}/{i}.status\n"
            subprocess.run(["bash", "-c", script], check=True)
            for i, (command, shown) in enumerate(typed):
                out, err = (Path(folder, f"{i}.{end}").read_text("utf-8") for end in ("out", "err"))
                failed = Path(folder, f"{i}.status").read_text() != "0\n"
                if failed and not shown.rstrip().rpartition("\n")[2].strip(". "):
                    return f"$ {command}\nfailed, and the page does not show it:\n{out}{err}"
                # What a command says beside its output is shown where it failed.
                difference = _difference(f"$ {command}", shown, out + err if failed else out)
                if difference:
                    return difference
        return None

    def toml(self, step):
        document = tomllib.loads(step["text"])
        if "fanwise" in document:
            import fanwise

            fanwise.recipe(step["text"])


def _difference(subject, shown, printed):
    if shown is None or agrees(shown, printed):
        return None
    return f"{subject} prints\n{printed}\nThe page shows\n{shown}"


def main(steps_file, results_file):
    session = Session(json.loads(Path(steps_file).read_text("utf-8")), f"{steps_file}.py")
    Path(results_file).write_text(json.dumps(session.faults()), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
