"""Write the pages of the reference, of the package that is installed."""

from __future__ import annotations

import command_line
import reference_texts
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for each public module, and one for the commands."""
    texts = {**reference_texts.pages(), "reference/command_line.md": command_line.page()}
    for page, text in texts.items():
        files.append(File.generated(config, page, content=text))
    return files
