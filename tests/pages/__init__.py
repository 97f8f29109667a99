"""The pages of the documentation: what they show comes out, and where they lead exists."""
