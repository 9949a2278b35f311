"""Reports: their rows, as pages and files, and those that are sent by schedule."""
