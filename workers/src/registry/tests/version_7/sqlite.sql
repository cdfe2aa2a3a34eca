-- The tables of version 7, by the `.schema` of sqlite3.

CREATE TABLE tekseru_schema (version BIGINT PRIMARY KEY);
CREATE TABLE applications (
    application_id TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('expected', 'submitted', 'withdrawn')),
    stage TEXT,
    programme TEXT,
    body TEXT,
    received_at TEXT NOT NULL,
    last_activity_at TEXT NOT NULL,
    accepted_on TEXT,
    due_on TEXT,
    next_judge_on TEXT,
    next_reminder_on TEXT
, occurred_at TEXT);
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
CREATE TABLE former_examinations (
    application_id TEXT NOT NULL REFERENCES applications,
    sha256 TEXT NOT NULL,
    kind TEXT NOT NULL,
    examiner TEXT NOT NULL,
    PRIMARY KEY (sha256, kind, examiner, application_id),
    FOREIGN KEY (sha256, kind, examiner) REFERENCES examinations
);
CREATE INDEX former_examinations_application ON former_examinations (application_id);
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
    attached_at TEXT, inputs TEXT,
    PRIMARY KEY (application_id, scope, revision)
);
CREATE INDEX revisions_unattached ON revisions (produced_at) WHERE attached_at IS NULL;
CREATE TABLE events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    application_id TEXT NOT NULL REFERENCES applications,
    routing_key TEXT NOT NULL,
    body TEXT NOT NULL,
    traceparent TEXT,
    scope TEXT,
    revision BIGINT,
    created_at TEXT NOT NULL,
    sent_at TEXT
);
CREATE INDEX events_unsent ON events (number) WHERE sent_at IS NULL;
CREATE INDEX events_application ON events (application_id);
CREATE TABLE IF NOT EXISTS "deletions" (
    folder TEXT PRIMARY KEY,
    requested_at TEXT NOT NULL,
    passes BIGINT NOT NULL DEFAULT 0,
    last_pass_at TEXT
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
    dead_lettered_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'replayed', 'discarded')),
    resolved_at TEXT,
    resolved_by TEXT
, has_mentions BIGINT NOT NULL DEFAULT 0);
CREATE INDEX dead_letters_state ON dead_letters (state, dead_lettered_at);
CREATE INDEX dead_letters_application ON dead_letters (application_id);
CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, expires_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS "paused_lanes" (lane TEXT PRIMARY KEY, paused_by TEXT NOT NULL, paused_at TEXT NOT NULL);
CREATE TABLE workers (
    id TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    pid BIGINT NOT NULL,
    version TEXT NOT NULL,
    started_at TEXT NOT NULL,
    last_heartbeat_at TEXT NOT NULL,
    slots TEXT NOT NULL,
    sandbox TEXT NOT NULL
);
CREATE TABLE audit (
    number BIGINT PRIMARY KEY,
    occurred_at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    application_id TEXT,
    details TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_application ON audit (application_id);
CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    number BIGINT NOT NULL,
    hash TEXT NOT NULL
);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit is append-only');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit is append-only');
END;
CREATE TABLE replacements (
    application_id TEXT NOT NULL REFERENCES applications,
    document_id TEXT NOT NULL,
    replaced_by TEXT NOT NULL,
    occurred_at TEXT NOT NULL,
    received_at TEXT NOT NULL,
    PRIMARY KEY (application_id, document_id, replaced_by)
);
CREATE TABLE IF NOT EXISTS "documents" (
    application_id TEXT NOT NULL REFERENCES applications,
    document_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    stage TEXT NOT NULL,
    body TEXT NOT NULL,
    examination_state TEXT NOT NULL
        CHECK (examination_state IN ('pending', 'examined', 'unavailable')),
    reason TEXT,
    sha256 TEXT,
    kind TEXT,
    examiner TEXT,
    occurred_at TEXT, rounds_requested BIGINT NOT NULL DEFAULT 0, rounds_completed BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (application_id, document_id),
    FOREIGN KEY (sha256, kind, examiner) REFERENCES examinations
);
CREATE INDEX documents_examination ON documents (sha256, kind, examiner);
CREATE TABLE latest_checks (
    application_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    due_at TEXT NOT NULL,
    PRIMARY KEY (application_id, scope)
);
CREATE INDEX latest_checks_due ON latest_checks (due_at);
CREATE TABLE dead_letter_mentions (
    digest TEXT NOT NULL,
    letter_id TEXT NOT NULL REFERENCES dead_letters ON DELETE CASCADE,
    PRIMARY KEY (digest, letter_id)
);
CREATE INDEX dead_letter_mentions_letter ON dead_letter_mentions (letter_id);
CREATE INDEX dead_letters_without_mentions ON dead_letters (id)
    WHERE application_id IS NULL AND has_mentions = 0;
CREATE INDEX dead_letters_time ON dead_letters (dead_lettered_at, id);
CREATE INDEX applications_last_activity ON applications (last_activity_at, application_id)
    WHERE state <> 'withdrawn';
CREATE INDEX applications_deleted ON applications (last_activity_at) WHERE state = 'withdrawn';
CREATE INDEX deletions_requested ON deletions (requested_at, folder);
CREATE INDEX deletions_open ON deletions (requested_at) WHERE passes = 0;
CREATE INDEX deletions_done ON deletions (last_pass_at) WHERE passes > 1;
