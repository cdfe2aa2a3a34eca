-- `latest` copies that are to be compared with the newest revision: a write that its
-- process gave up may arrive after that of a newer revision
CREATE TABLE latest_checks (
    application_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    due_at TEXT NOT NULL,
    PRIMARY KEY (application_id, scope)
);
CREATE INDEX latest_checks_due ON latest_checks (due_at);

INSERT INTO tekseru_schema (version) VALUES (6);
