-- the oldest version of the tables that a program may be built for to go on using them;
-- each later migration states it, and its own number where it breaks earlier programs
CREATE TABLE new_schema (version BIGINT PRIMARY KEY, usable_from BIGINT NOT NULL);
INSERT INTO new_schema SELECT version, version FROM tekseru_schema;
DROP TABLE tekseru_schema;
ALTER TABLE new_schema RENAME TO tekseru_schema;

INSERT INTO tekseru_schema (version, usable_from) VALUES (10, 9);
