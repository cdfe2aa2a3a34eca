-- When commands were said: one that was said before what is known, and arrives
-- after it, changes nothing.

ALTER TABLE applications ADD COLUMN said_at TEXT;
ALTER TABLE documents ADD COLUMN said_at TEXT;

-- all that were said: which document stands follows from their order
ALTER TABLE replacements RENAME TO former_replacements;
CREATE TABLE replacements (
    application_id TEXT NOT NULL REFERENCES applications,
    document_id TEXT NOT NULL,
    replaced_by TEXT NOT NULL,
    said_at TEXT NOT NULL,
    heard_at TEXT NOT NULL,
    PRIMARY KEY (application_id, document_id, replaced_by)
);
INSERT INTO replacements
    SELECT application_id, document_id, replaced_by,
           '1970-01-01T00:00:00.000000Z', '1970-01-01T00:00:00.000000Z'
    FROM former_replacements;
DROP TABLE former_replacements;

INSERT INTO tekseru_schema (version) VALUES (2);
