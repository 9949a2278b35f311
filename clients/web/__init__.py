"""The dispatcher screen, which the hub serves at ``/``, and the code that builds it at install time."""
