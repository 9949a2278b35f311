"""``python -m hub`` is the command ``hub``."""

from hub.cli.main import main

main()
