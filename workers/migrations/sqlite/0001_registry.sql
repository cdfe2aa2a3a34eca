-- The registry of Tekseru, for SQLite 3.35 or later.
--
-- The same tables as for PostgreSQL. `tekseru migrate` runs this; by hand it is
--     sqlite3 -bail FILE 'BEGIN;' '.read 0001_registry.sql' 'COMMIT;'
--
-- Instants are RFC 3339 in UTC with six decimals, days are YYYY-MM-DD: both
-- sort as text. Truth values are 0 and 1.

CREATE TABLE tekseru_schema (version BIGINT PRIMARY KEY);

CREATE TABLE applications (
    application_id TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('expected', 'submitted', 'withdrawn')),
    stage TEXT,
    programme TEXT,
    body TEXT,
    received_at TEXT NOT NULL,
    touched_at TEXT NOT NULL,
    accepted_on TEXT,
    due_on TEXT,
    next_judge_on TEXT,
    next_reminder_on TEXT
);
CREATE INDEX applications_touched ON applications (touched_at);
CREATE INDEX applications_judge ON applications (next_judge_on) WHERE next_judge_on IS NOT NULL;
CREATE INDEX applications_reminder ON applications (next_reminder_on) WHERE next_reminder_on IS NOT NULL;

CREATE TABLE examinations (
    sha256 TEXT NOT NULL,
    kind TEXT NOT NULL,
    examiner TEXT NOT NULL,
    body TEXT NOT NULL,
    stored_at TEXT NOT NULL,
    PRIMARY KEY (sha256, kind, examiner)
);

CREATE TABLE documents (
    application_id TEXT NOT NULL REFERENCES applications,
    document_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    stage TEXT NOT NULL,
    body TEXT NOT NULL,
    seen TEXT NOT NULL CHECK (seen IN ('expected', 'examined', 'missing')),
    reason TEXT,
    sha256 TEXT,
    kind TEXT,
    examiner TEXT,
    PRIMARY KEY (application_id, document_id),
    FOREIGN KEY (sha256, kind, examiner) REFERENCES examinations
);
CREATE INDEX documents_examination ON documents (sha256, kind, examiner);

-- what documents rested on before; earlier verdicts still do
CREATE TABLE former_examinations (
    application_id TEXT NOT NULL REFERENCES applications,
    sha256 TEXT NOT NULL,
    kind TEXT NOT NULL,
    examiner TEXT NOT NULL,
    PRIMARY KEY (sha256, kind, examiner, application_id),
    FOREIGN KEY (sha256, kind, examiner) REFERENCES examinations
);
CREATE INDEX former_examinations_application ON former_examinations (application_id);

-- apart from `documents`: a replacement may be heard of before what it replaces
CREATE TABLE replacements (
    application_id TEXT NOT NULL REFERENCES applications,
    document_id TEXT NOT NULL,
    replaced_by TEXT NOT NULL,
    PRIMARY KEY (application_id, document_id)
);

CREATE TABLE commands (
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    application_id TEXT,
    received_at TEXT NOT NULL,
    PRIMARY KEY (source, id)
);
CREATE INDEX commands_received ON commands (received_at);
CREATE INDEX commands_application ON commands (application_id);

CREATE TABLE revisions (
    application_id TEXT NOT NULL REFERENCES applications,
    scope TEXT NOT NULL,
    revision BIGINT NOT NULL,
    digest TEXT NOT NULL,
    previous_digest TEXT,
    judged_on TEXT NOT NULL,
    programme TEXT NOT NULL,
    outcome TEXT NOT NULL,
    complete BIGINT NOT NULL,
    verdict TEXT NOT NULL,
    produced_at TEXT NOT NULL,
    attached_at TEXT,
    PRIMARY KEY (application_id, scope, revision)
);
CREATE INDEX revisions_unattached ON revisions (produced_at) WHERE attached_at IS NULL;

CREATE TABLE events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    application_id TEXT NOT NULL REFERENCES applications,
    routing_key TEXT NOT NULL,
    body TEXT NOT NULL,
    trace TEXT,
    scope TEXT,
    revision BIGINT,
    created_at TEXT NOT NULL,
    sent_at TEXT
);
CREATE INDEX events_unsent ON events (number) WHERE sent_at IS NULL;
CREATE INDEX events_application ON events (application_id);

-- folders of the object store that are to be forgotten; an hour later once more,
-- for whoever was interrupted while writing there
CREATE TABLE erasures (
    folder TEXT PRIMARY KEY,
    asked_at TEXT NOT NULL,
    times BIGINT NOT NULL DEFAULT 0,
    erased_at TEXT
);

CREATE TABLE dead_letters (
    id TEXT PRIMARY KEY,
    queue TEXT NOT NULL,
    routing_key TEXT NOT NULL,
    message_type TEXT,
    message_id TEXT,
    application_id TEXT,
    document_id TEXT,
    code TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL,
    died_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'replayed', 'discarded')),
    settled_at TEXT,
    settled_by TEXT
);
CREATE INDEX dead_letters_state ON dead_letters (state, died_at);
CREATE INDEX dead_letters_application ON dead_letters (application_id);

CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, held_until TEXT NOT NULL);

CREATE TABLE controls (lane TEXT PRIMARY KEY, paused_by TEXT NOT NULL, paused_at TEXT NOT NULL);

CREATE TABLE workers (
    id TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    pid BIGINT NOT NULL,
    version TEXT NOT NULL,
    started_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    slots TEXT NOT NULL,
    sandbox TEXT NOT NULL
);

CREATE TABLE audit (
    number BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    application_id TEXT,
    codes TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_application ON audit (application_id);
CREATE TABLE audit_head (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    number BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO audit_head (one, number, hash) VALUES (1, 0, '');

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit is append-only');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit is append-only');
END;

INSERT INTO tekseru_schema (version) VALUES (1);
