"""Parts of the settings; ``hub.settings`` puts them together."""
