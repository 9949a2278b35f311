"""``hub bench``: the hub and what one would otherwise take, under the same load, in the same run."""
