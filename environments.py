"""The environments that sessions share: each is made once, after it is said what it costs."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nox

from costs import ROOT, environment_costs, session_minutes

CONSTRAINTS = "constraints.txt"
#: What pip is waited for between two lines on its progress, in seconds.
PAUSE = 10


@dataclass(frozen=True)
class SharedEnvironment:
    """An environment that one session makes and others run in.

    Attributes:
        name: of the session that makes it, and of its folder.
        extras: of Fanwise.
        packages: what is installed besides.
    """

    name: str
    extras: str
    packages: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where nox makes it."""
        return ROOT / ".nox" / self.name

    @property
    def stamp(self) -> Path:
        """The file that tells what it was made of; an installation that was cut off has none."""
        return self.folder / "made.json"

    @property
    def digest(self) -> str:
        """A digest of all that it is made of, Fanwise itself left out."""
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        asked = [project["dependencies"], project["optional-dependencies"]]
        constraints = (ROOT / CONSTRAINTS).read_text("utf-8")
        parts = [sys.version, constraints, self.extras, self.packages, asked]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    @property
    def is_current(self) -> bool:
        """Whether it is there, whole, and of what is asked for now."""
        return self.stamp.is_file() and json.loads(self.stamp.read_text())["of"] == self.digest

    def make(self, session: nox.Session, wheel: Path, *others: Path) -> None:
        """Install Fanwise's wheel with others of this checkout, and all else if it is not there."""
        paths = [*map(str, others)]
        if self.is_current:
            session.install("--no-deps", "--force-reinstall", str(wheel), *paths)
            return
        self._tell_costs(session)
        self.stamp.unlink(missing_ok=True)
        began = time.monotonic()
        # The tests compile what they import, on all cores; pip would compile everything on one.
        options = ["--no-compile", "-c", CONSTRAINTS]
        with self._progress(session, options):
            asked = (f"{wheel}[{self.extras}]", *paths, *self.packages)
            session.install(*options, *asked, silent=False)
        took = {
            "packages": self._packages(),
            "gigabytes": round(_size(self.folder) / 1e9, 1),
            "minutes": round((time.monotonic() - began) / 60, 1),
        }
        session.log("{packages} packages, {gigabytes} GB, {minutes} minutes".format(**took))
        self.stamp.write_text(json.dumps({"of": self.digest, "costs": took}))

    def add(self, session: nox.Session, *packages: str) -> None:
        """Install what one session alone needs besides."""
        self.run(session, "python", "-m", "pip", "install", "-q", "-c", CONSTRAINTS, *packages)

    def run(self, session: nox.Session, program: str, *arguments: str, **options: Any) -> None:
        """Run one of its programs, in a session that has no environment of its own."""
        scripts = self.folder / "bin"
        variables = {
            **options.pop("env", {}),
            "VIRTUAL_ENV": str(self.folder),
            "PATH": os.pathsep.join((str(scripts), os.environ["PATH"])),
        }
        session.run(str(scripts / program), *arguments, env=variables, external=True, **options)

    def _tell_costs(self, session: nox.Session) -> None:
        costs = environment_costs(self.name)
        session.log(
            "{packages} packages come into .nox/{name}: {gigabytes} GB on disk, about {minutes} "
            "minutes if pip has them at hand, else the time of the download besides.".format(
                name=self.name, **costs
            )
        )
        if self.extras == "all" and sys.platform == "linux":
            session.log(
                "The torch of PyPI brings CUDA, some gigabytes more; "
                "PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu leaves it out."
            )

    @contextmanager
    def _progress(self, session: nox.Session, options: list[str]) -> Iterator[None]:
        """Leave a terminal to pip's own bars; elsewhere say in lines how many packages are in."""
        if sys.stdout.isatty():
            yield
            return
        options.insert(0, "-qq")
        total = environment_costs(self.name)["packages"]
        done = threading.Event()
        began = time.monotonic()

        def tell() -> None:
            while not done.wait(PAUSE):
                seconds = time.monotonic() - began
                session.log(f"{self._packages()} of {total} packages are in, {seconds:.0f} s")

        teller = threading.Thread(target=tell, daemon=True)
        teller.start()
        try:
            yield
        finally:
            done.set()
            teller.join()

    def _packages(self) -> int:
        return sum(1 for _ in self.folder.glob("lib/python*/site-packages/*.dist-info"))


def tell_minutes(session: nox.Session) -> None:
    """Say how long a session takes."""
    minutes = session_minutes()[session.name]
    session.log(f"{session.name} takes about {minutes:g} minutes on two cores.")


def _size(folder: Path) -> int:
    return sum(
        (Path(place) / name).lstat().st_size
        for place, _, names in os.walk(folder)
        for name in names
    )
