"""Several processes that serve one port: the parent accepts connections and passes them on, workers are nodes. Start at
``parent``."""
