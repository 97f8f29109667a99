"""Models cut in every way that a framework has, over real processes: one start."""
