"""Tables of places, jobs and routes, and of what happened to jobs."""
