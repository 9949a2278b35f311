"""Plans of routes: asked for, searched for, looked at, applied."""
