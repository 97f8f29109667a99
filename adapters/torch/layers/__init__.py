"""What the layers and models of torch store."""
