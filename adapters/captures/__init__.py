"""From models, built under several seeds, to the recipe that starts them so."""
