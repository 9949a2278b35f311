"""Access to the outside services, one file for each subject: Redis (log, latest positions, events), PostgreSQL
(rows)."""
