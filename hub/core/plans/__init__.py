"""Plans of routes: which vehicle serves which stops, in which order and when.

In reading order: ``problem`` (what is asked), ``plan`` (the answer), ``schedule`` (times of a sequence of stops),
``check`` (an independent look at an answer), ``reasons`` (why a stop is left), ``world``, ``tour`` and ``places`` (what
the searches compute with), ``insert`` (one stop into a running plan), ``ruin`` and ``search`` (the whole plan).
"""
