"""The versions that results name: of the package, and of the specification that it implements."""

from __future__ import annotations

from fanwise.spec.catalogue import catalogue


def package_version() -> str:
    """Return the version of the package that is installed; "unknown" in a bare checkout."""
    from importlib.metadata import PackageNotFoundError, version  # slow to import

    try:
        return version("fanwise")
    except PackageNotFoundError:
        return "unknown"


def spec_version() -> str:
    """Return the version of the specification, *major.minor*."""
    return catalogue().version
