"""The lint on the sources of public libraries, and what reading each finding has shown."""
