-- When the command was said that an application or a document comes from: one
-- that was said before it and arrives after it changes nothing.

ALTER TABLE applications ADD COLUMN said_at TEXT;
ALTER TABLE documents ADD COLUMN said_at TEXT;

INSERT INTO tekseru_schema (version) VALUES (2);
