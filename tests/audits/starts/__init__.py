"""Models of public libraries, as they start there, audited by the recipes of their papers."""
