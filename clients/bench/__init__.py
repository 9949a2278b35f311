"""``hub bench``: the hub and two common alternatives, under the same load, in the same run."""
