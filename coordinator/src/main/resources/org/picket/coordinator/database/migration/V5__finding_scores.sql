-- All scores of a flagged object, as one score block of one object, so that its finding can be explained and replayed by
-- itself. Empty for what was flagged otherwise, or before this column was there.
ALTER TABLE finding ADD COLUMN scores bytea NOT NULL DEFAULT ''::bytea;
ALTER TABLE finding ALTER COLUMN scores SET STORAGE EXTERNAL;
