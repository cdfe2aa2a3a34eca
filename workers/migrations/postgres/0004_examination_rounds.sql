-- rounds of examination that commands requested, and the latest whose result is stored
ALTER TABLE documents ADD COLUMN rounds_requested BIGINT NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN rounds_completed BIGINT NOT NULL DEFAULT 0;

INSERT INTO tekseru_schema (version) VALUES (4);
