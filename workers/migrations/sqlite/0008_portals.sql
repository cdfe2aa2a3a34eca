-- Portals are tenants: `application_id` holds the portal too, as PORTAL/ID. What was stored
-- before is of the portal named `portal`. Rows of `audit` stay: their hashes cover the id.

PRAGMA defer_foreign_keys = ON;

UPDATE applications SET application_id = 'portal/' || application_id;
UPDATE documents SET application_id = 'portal/' || application_id;
UPDATE former_examinations SET application_id = 'portal/' || application_id;
UPDATE replacements SET application_id = 'portal/' || application_id;
UPDATE revisions SET application_id = 'portal/' || application_id;
UPDATE events SET application_id = 'portal/' || application_id;
UPDATE latest_checks SET application_id = 'portal/' || application_id;
UPDATE deletions SET folder = 'applications/portal/' || substr(folder, length('applications/') + 1)
    WHERE folder LIKE 'applications/%';

CREATE TRIGGER applications_key BEFORE INSERT ON applications
    WHEN NEW.application_id NOT LIKE '%/%'
BEGIN
    SELECT RAISE(ABORT, 'an application is named PORTAL/ID');
END;

ALTER TABLE commands RENAME TO former_commands;
DROP INDEX commands_received;
DROP INDEX commands_application;
CREATE TABLE commands (
    portal TEXT NOT NULL,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    application_id TEXT,
    received_at TEXT NOT NULL,
    PRIMARY KEY (portal, source, id)
);
CREATE INDEX commands_received ON commands (received_at);
CREATE INDEX commands_application ON commands (application_id);
INSERT INTO commands
    SELECT 'portal', source, id, kind, sha256, 'portal/' || application_id, received_at
    FROM former_commands;
DROP TABLE former_commands;

-- absent for a message whose sender the broker did not verify
ALTER TABLE dead_letters ADD COLUMN portal TEXT;
UPDATE dead_letters SET portal = 'portal', application_id = 'portal/' || application_id;

-- `tekseru maintain` adds them again, with their portal
DELETE FROM dead_letter_mentions;
UPDATE dead_letters SET has_mentions = 0 WHERE application_id IS NULL;

INSERT INTO tekseru_schema (version) VALUES (8);
