"""``hub capacity``: how many nodes a number of drivers and screens needs, by the code that serves them."""
