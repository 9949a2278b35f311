"""The log's consumer, a process of its own: it folds batches into rows and commits them with the log offset."""
