-- A total of some rows only (其中, of which) is kept and compared to none.

ALTER TABLE controls ALTER COLUMN agrees DROP NOT NULL;
