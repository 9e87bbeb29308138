-- A shared ledger has keys as well. The embedded one is checked after each import instead:
-- its indexes would be written anew with every snapshot.
CREATE UNIQUE INDEX projects_versions_key ON projects_versions (row_key, version);
CREATE UNIQUE INDEX projects_current_key ON projects_versions (row_key) WHERE superseded_by IS NULL;
CREATE UNIQUE INDEX arrivals_versions_key ON arrivals_versions (row_key, version);
CREATE UNIQUE INDEX arrivals_current_key ON arrivals_versions (row_key) WHERE superseded_by IS NULL;
CREATE UNIQUE INDEX foreign_capital_versions_key ON foreign_capital_versions (row_key, version);
CREATE UNIQUE INDEX foreign_capital_current_key
    ON foreign_capital_versions (row_key) WHERE superseded_by IS NULL;
ALTER TABLE imports ADD PRIMARY KEY (import_id);
CREATE UNIQUE INDEX state_single ON state ((true));
-- Files as they came, out of readers' reach.
CREATE TABLE originals (
    file_sha VARCHAR PRIMARY KEY,
    bytes BYTEA NOT NULL
);
