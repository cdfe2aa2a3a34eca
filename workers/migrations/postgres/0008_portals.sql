-- Portals are tenants: `application_id` holds the portal too, as PORTAL/ID. What was stored
-- before is of the portal named `portal`. Rows of `audit` stay: their hashes cover the id.

DO $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT conrelid::regclass AS at, conname FROM pg_constraint
        WHERE contype = 'f' AND confrelid = 'applications'::regclass
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.at, found.conname);
    END LOOP;
END
$$;

UPDATE applications SET application_id = 'portal/' || application_id;
UPDATE documents SET application_id = 'portal/' || application_id;
UPDATE former_examinations SET application_id = 'portal/' || application_id;
UPDATE replacements SET application_id = 'portal/' || application_id;
UPDATE revisions SET application_id = 'portal/' || application_id;
UPDATE events SET application_id = 'portal/' || application_id;
UPDATE latest_checks SET application_id = 'portal/' || application_id;
UPDATE commands SET application_id = 'portal/' || application_id;
UPDATE deletions SET folder = 'applications/portal/' || substr(folder, length('applications/') + 1)
    WHERE folder LIKE 'applications/%';

ALTER TABLE applications ADD CONSTRAINT applications_key CHECK (application_id LIKE '%/%');
ALTER TABLE documents ADD FOREIGN KEY (application_id) REFERENCES applications;
ALTER TABLE former_examinations ADD FOREIGN KEY (application_id) REFERENCES applications;
ALTER TABLE replacements ADD FOREIGN KEY (application_id) REFERENCES applications;
ALTER TABLE revisions ADD FOREIGN KEY (application_id) REFERENCES applications;
ALTER TABLE events ADD FOREIGN KEY (application_id) REFERENCES applications;

ALTER TABLE commands ADD COLUMN portal TEXT NOT NULL DEFAULT 'portal';
ALTER TABLE commands ALTER COLUMN portal DROP DEFAULT;
ALTER TABLE commands DROP CONSTRAINT commands_pkey;
ALTER TABLE commands ADD PRIMARY KEY (portal, source, id);

-- absent for a message whose sender the broker did not verify
ALTER TABLE dead_letters ADD COLUMN portal TEXT;
UPDATE dead_letters SET portal = 'portal', application_id = 'portal/' || application_id;

-- `tekseru maintain` adds them again, with their portal
DELETE FROM dead_letter_mentions;
UPDATE dead_letters SET has_mentions = 0 WHERE application_id IS NULL;

INSERT INTO tekseru_schema (version) VALUES (8);
