"""Plans of routes: which vehicle serves which jobs, in which order and when.

In reading order: ``problem`` (what is asked), ``plan`` (the answer), ``schedule`` (times of a sequence of jobs),
``check`` (an independent look at an answer), ``reasons`` (why a job is left), ``world``, ``tour`` and ``places`` (what
the searches compute with), ``insert`` (one job into a running plan), ``ruin`` and ``search`` (the whole plan).
"""
