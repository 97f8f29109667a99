"""One package per framework, each with the same files; the protocol; discovery."""
