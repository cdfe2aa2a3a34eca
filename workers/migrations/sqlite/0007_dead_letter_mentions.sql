-- which ids a dead letter quotes that could not be parsed, by a hash of each: the deletion
-- of an application finds such letters without reading their bodies
CREATE TABLE dead_letter_mentions (
    digest TEXT NOT NULL,
    letter_id TEXT NOT NULL REFERENCES dead_letters ON DELETE CASCADE,
    PRIMARY KEY (digest, letter_id)
);
CREATE INDEX dead_letter_mentions_letter ON dead_letter_mentions (letter_id);

-- 1 when the mentions are those of the body; `tekseru maintain` adds the others
ALTER TABLE dead_letters ADD COLUMN has_mentions BIGINT NOT NULL DEFAULT 0;
CREATE INDEX dead_letters_without_mentions ON dead_letters (id)
    WHERE application_id IS NULL AND has_mentions = 0;

-- the order of lists and of their pages
CREATE INDEX dead_letters_time ON dead_letters (dead_lettered_at, id);

-- how many applications were deleted lately, and which are the oldest of the others
DROP INDEX applications_last_activity;
CREATE INDEX applications_last_activity ON applications (last_activity_at, application_id)
    WHERE state <> 'withdrawn';
CREATE INDEX applications_deleted ON applications (last_activity_at) WHERE state = 'withdrawn';

-- folders that are still to be deleted, in their order
CREATE INDEX deletions_requested ON deletions (requested_at, folder);
CREATE INDEX deletions_open ON deletions (requested_at) WHERE passes = 0;
CREATE INDEX deletions_done ON deletions (last_pass_at) WHERE passes > 1;

INSERT INTO tekseru_schema (version) VALUES (7);
