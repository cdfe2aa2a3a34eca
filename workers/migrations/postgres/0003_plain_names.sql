-- Tables and columns have plain names. No row is added or removed; the hashes
-- of `audit` cover values, not names, so its chain still verifies.

ALTER TABLE applications RENAME COLUMN touched_at TO last_activity_at;
ALTER TABLE applications RENAME COLUMN said_at TO occurred_at;
ALTER INDEX applications_touched RENAME TO applications_last_activity;

ALTER TABLE documents RENAME COLUMN seen TO examination_state;
ALTER TABLE documents RENAME COLUMN said_at TO occurred_at;
ALTER TABLE documents DROP CONSTRAINT documents_seen_check;
UPDATE documents SET examination_state =
    CASE examination_state WHEN 'expected' THEN 'pending' ELSE 'unavailable' END
    WHERE examination_state <> 'examined';
ALTER TABLE documents ADD CONSTRAINT documents_examination_state_check
    CHECK (examination_state IN ('pending', 'examined', 'unavailable'));

ALTER TABLE replacements RENAME COLUMN said_at TO occurred_at;
ALTER TABLE replacements RENAME COLUMN heard_at TO received_at;

ALTER TABLE events RENAME COLUMN trace TO traceparent;

-- folders of the object store that are to be deleted, in two passes: the second
-- an hour after the first, for objects that a process was writing meanwhile
ALTER TABLE erasures RENAME TO deletions;
ALTER TABLE deletions RENAME CONSTRAINT erasures_pkey TO deletions_pkey;
ALTER TABLE deletions RENAME COLUMN asked_at TO requested_at;
ALTER TABLE deletions RENAME COLUMN times TO passes;
ALTER TABLE deletions RENAME COLUMN erased_at TO last_pass_at;

ALTER TABLE dead_letters RENAME COLUMN died_at TO dead_lettered_at;
ALTER TABLE dead_letters RENAME COLUMN settled_at TO resolved_at;
ALTER TABLE dead_letters RENAME COLUMN settled_by TO resolved_by;

ALTER TABLE leases RENAME COLUMN held_until TO expires_at;

ALTER TABLE controls RENAME TO paused_lanes;
ALTER TABLE paused_lanes RENAME CONSTRAINT controls_pkey TO paused_lanes_pkey;

ALTER TABLE workers RENAME COLUMN seen_at TO last_heartbeat_at;

ALTER TABLE audit RENAME COLUMN at TO occurred_at;
ALTER TABLE audit RENAME COLUMN who TO actor;
ALTER TABLE audit RENAME COLUMN what TO action;
ALTER TABLE audit RENAME COLUMN codes TO details;
ALTER TABLE audit RENAME COLUMN previous TO previous_hash;
ALTER TABLE audit_head RENAME COLUMN one TO id;

UPDATE leases SET name = 'maintenance' WHERE name = 'keeper';

INSERT INTO tekseru_schema (version) VALUES (3);
