-- the text that a file itself contains, apart from the rest of its examination: it may be a
-- megabyte, and judging does not read it
CREATE TABLE examination_texts (
    sha256 TEXT NOT NULL,
    kind TEXT NOT NULL,
    examiner TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (sha256, kind, examiner),
    FOREIGN KEY (sha256, kind, examiner) REFERENCES examinations ON DELETE CASCADE
);

-- when a revision of an incomplete application is attached; until then the next one may take
-- its place. Absent for one that is attached at once
ALTER TABLE revisions ADD COLUMN attach_at TEXT;
-- until when one process is attaching it
ALTER TABLE revisions ADD COLUMN claimed_until TEXT;

INSERT INTO tekseru_schema (version) VALUES (9);
