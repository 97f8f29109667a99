"""The verdict for people: on a terminal and as HTML."""
