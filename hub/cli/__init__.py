"""The commands of ``hub``; ``main`` lists them."""
