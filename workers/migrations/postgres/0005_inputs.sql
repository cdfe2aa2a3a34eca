-- what each revision was judged from, as JSON; absent for revisions before this version
ALTER TABLE revisions ADD COLUMN inputs TEXT;

INSERT INTO tekseru_schema (version) VALUES (5);
