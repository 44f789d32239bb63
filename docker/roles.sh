#!/bin/sh
# Runs once, when the database is empty. `owner` migrates; `app` serves and may neither change the schema nor
# truncate, so that the triggers which keep history append-only cannot be taken away by what the web can reach.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set password="$(cat /run/secrets/app_password)" <<'SQL'
CREATE ROLE app LOGIN PASSWORD :'password';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO app;
-- The planner of reminders lays its rows aside in a table of its transaction.
GRANT TEMPORARY ON DATABASE :"DBNAME" TO app;
ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app;
ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO app;
SQL
