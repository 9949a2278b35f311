"""The search for a plan, in a process of its own: it takes a whole processor, and live positions must not wait for it.

``process`` is what the hub calls, ``messages`` what passes through the pipes, ``__main__`` the process, ``engines`` and
``with_pyvrp`` what searches.
"""
