"""The dispatcher screen: a page that the hub serves at ``/``, and what fills its ``vendor`` folder at install time."""
