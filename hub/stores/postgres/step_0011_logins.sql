-- Sessions have how they were started; schema.sql has the tables of providers and second factors.
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS provider boolean NOT NULL DEFAULT false;
