"""The base map of the pages: its styles, and the hosts that browsers request it from."""
