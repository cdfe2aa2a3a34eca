-- the oldest version of the tables that a program may be built for to go on using them;
-- each later migration states it, and its own number where it breaks earlier programs
ALTER TABLE tekseru_schema ADD COLUMN usable_from BIGINT;
UPDATE tekseru_schema SET usable_from = version;
ALTER TABLE tekseru_schema ALTER COLUMN usable_from SET NOT NULL;

INSERT INTO tekseru_schema (version, usable_from) VALUES (10, 9);
