"""The zoo: models of public libraries, each set by the recipe of its framework, and judged."""
