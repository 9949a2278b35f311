"""Places, jobs and routes: entering and editing them, commands and history, and a driver's own route."""
