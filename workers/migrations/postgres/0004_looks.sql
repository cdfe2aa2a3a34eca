-- how often commands asked to look at the file, and up to which of them it was looked at
ALTER TABLE documents ADD COLUMN looks_asked BIGINT NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN looks_answered BIGINT NOT NULL DEFAULT 0;

INSERT INTO tekseru_schema (version) VALUES (4);
