"""The compiled path: the same bits as NumPy's, by machine code."""
