-- applications that are due, in the order of their days
DROP INDEX applications_judge;
CREATE INDEX applications_judge ON applications (next_judge_on, application_id)
    WHERE next_judge_on IS NOT NULL;
DROP INDEX applications_reminder;
CREATE INDEX applications_reminder ON applications (next_reminder_on, application_id)
    WHERE next_reminder_on IS NOT NULL;

-- pages of `tekseru dead list --code`
CREATE INDEX dead_letters_code ON dead_letters (code, dead_lettered_at, id);

INSERT INTO tekseru_schema (version, usable_from) VALUES (11, 9);
