-- Tables and columns have plain names. No row is added or removed; the hashes
-- of `audit` cover values, not names, so its chain still verifies.

ALTER TABLE applications RENAME COLUMN touched_at TO last_activity_at;
ALTER TABLE applications RENAME COLUMN said_at TO occurred_at;
DROP INDEX applications_touched;
CREATE INDEX applications_last_activity ON applications (last_activity_at);

-- SQLite cannot change a CHECK: the table is made again. No table refers to it,
-- so dropping the former one deletes nothing else.
CREATE TABLE new_documents (
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
    occurred_at TEXT,
    PRIMARY KEY (application_id, document_id),
    FOREIGN KEY (sha256, kind, examiner) REFERENCES examinations
);
INSERT INTO new_documents
    SELECT application_id, document_id, position, stage, body,
           CASE seen WHEN 'expected' THEN 'pending' WHEN 'missing' THEN 'unavailable' ELSE seen END,
           reason, sha256, kind, examiner, said_at
    FROM documents;
DROP TABLE documents;
ALTER TABLE new_documents RENAME TO documents;
CREATE INDEX documents_examination ON documents (sha256, kind, examiner);

ALTER TABLE replacements RENAME COLUMN said_at TO occurred_at;
ALTER TABLE replacements RENAME COLUMN heard_at TO received_at;

ALTER TABLE events RENAME COLUMN trace TO traceparent;

-- folders of the object store that are to be deleted, in two passes: the second
-- an hour after the first, for objects that a process was writing meanwhile
ALTER TABLE erasures RENAME TO deletions;
ALTER TABLE deletions RENAME COLUMN asked_at TO requested_at;
ALTER TABLE deletions RENAME COLUMN times TO passes;
ALTER TABLE deletions RENAME COLUMN erased_at TO last_pass_at;

ALTER TABLE dead_letters RENAME COLUMN died_at TO dead_lettered_at;
ALTER TABLE dead_letters RENAME COLUMN settled_at TO resolved_at;
ALTER TABLE dead_letters RENAME COLUMN settled_by TO resolved_by;

ALTER TABLE leases RENAME COLUMN held_until TO expires_at;

ALTER TABLE controls RENAME TO paused_lanes;

ALTER TABLE workers RENAME COLUMN seen_at TO last_heartbeat_at;

ALTER TABLE audit RENAME COLUMN at TO occurred_at;
ALTER TABLE audit RENAME COLUMN who TO actor;
ALTER TABLE audit RENAME COLUMN what TO action;
ALTER TABLE audit RENAME COLUMN codes TO details;
ALTER TABLE audit RENAME COLUMN previous TO previous_hash;
ALTER TABLE audit_head RENAME COLUMN one TO id;

UPDATE leases SET name = 'maintenance' WHERE name = 'keeper';

INSERT INTO tekseru_schema (version) VALUES (3);
