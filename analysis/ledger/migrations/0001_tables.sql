-- Every version of every row. `superseded_by` is the import that put another in its place or
-- withdrew it; `import_id` the one that brought it. Read by both DuckDB and PostgreSQL.

CREATE TABLE projects_versions (
    "project_id" VARCHAR,
    "name" VARCHAR,
    "district" VARCHAR,
    "tier" VARCHAR,
    "chain" VARCHAR,
    "link" VARCHAR,
    "sector" VARCHAR,
    "size" DECIMAL(18,6),
    "amount_unit" VARCHAR,
    "origin" VARCHAR,
    "foreign_share" FLOAT8,
    "headquarters" BOOLEAN,
    "outward" BOOLEAN,
    "innovation" VARCHAR,
    "lead_district" VARCHAR,
    "lead_date" DATE,
    "lead_date_precision" VARCHAR,
    "signed_date" DATE,
    "signed_date_precision" VARCHAR,
    "start_date" DATE,
    "start_date_precision" VARCHAR,
    "start_date_planned" BOOLEAN,
    "production_date" DATE,
    "production_date_precision" VARCHAR,
    "production_date_planned" BOOLEAN,
    "note" VARCHAR,
    "row_key" VARCHAR NOT NULL,
    "import_id" INTEGER NOT NULL,
    "file_sha" VARCHAR NOT NULL,
    "file" VARCHAR NOT NULL,
    "sheet" VARCHAR,
    "row" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "raw" VARCHAR,
    "superseded_by" INTEGER
);

CREATE TABLE arrivals_versions (
    "arrival_id" VARCHAR,
    "project_id" VARCHAR,
    "name" VARCHAR,
    "district" VARCHAR,
    "date" DATE,
    "date_precision" VARCHAR,
    "amount" DECIMAL(18,6),
    "amount_unit" VARCHAR,
    "currency" VARCHAR,
    "capital_kind" VARCHAR,
    "note" VARCHAR,
    "row_key" VARCHAR NOT NULL,
    "import_id" INTEGER NOT NULL,
    "file_sha" VARCHAR NOT NULL,
    "file" VARCHAR NOT NULL,
    "sheet" VARCHAR,
    "row" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "raw" VARCHAR,
    "superseded_by" INTEGER
);

CREATE TABLE foreign_capital_versions (
    "record_id" VARCHAR,
    "project_id" VARCHAR,
    "district" VARCHAR,
    "date" DATE,
    "date_precision" VARCHAR,
    "scope" VARCHAR,
    "amount" DECIMAL(18,6),
    "amount_unit" VARCHAR,
    "currency" VARCHAR,
    "note" VARCHAR,
    "row_key" VARCHAR NOT NULL,
    "import_id" INTEGER NOT NULL,
    "file_sha" VARCHAR NOT NULL,
    "file" VARCHAR NOT NULL,
    "sheet" VARCHAR,
    "row" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "raw" VARCHAR,
    "superseded_by" INTEGER
);


-- One row for each act of writing.
CREATE TABLE imports (
    import_id INTEGER NOT NULL,
    imported_at TIMESTAMP NOT NULL,
    imported_by VARCHAR NOT NULL,
    act VARCHAR NOT NULL
);

-- What an import did to a table: rows, and sums of its amounts.
CREATE TABLE tallies (
    import_id INTEGER NOT NULL,
    file_sha VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    added INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    outdated INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL,
    sum_before DECIMAL(38,6) NOT NULL,
    sum_accepted DECIMAL(38,6) NOT NULL,
    sum_after DECIMAL(38,6) NOT NULL
);

-- Each table that was read, of each file. `digest` names the rows as they were read; `counts`
-- and `about` are JSON: rows by fate, and each sheet's unit, encoding, header and warnings.
CREATE TABLE files (
    import_id INTEGER NOT NULL,
    file_sha VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    size BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    sheet VARCHAR,
    importer VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    counts VARCHAR NOT NULL,
    about VARCHAR NOT NULL
);

CREATE TABLE quarantine (
    import_id INTEGER NOT NULL,
    file_sha VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    sheet VARCHAR,
    "row" INTEGER NOT NULL,
    "column" VARCHAR,
    value VARCHAR,
    code VARCHAR NOT NULL,
    reason VARCHAR,
    hint VARCHAR,
    reason_zh VARCHAR,
    hint_zh VARCHAR,
    raw VARCHAR,
    resolved_by INTEGER
);

-- Totals that the files state, beside the sums of their rows. One that does not agree keeps
-- what came with it from readers until it is accepted or a later edition takes its place.
CREATE TABLE controls (
    import_id INTEGER NOT NULL,
    file_sha VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    sheet VARCHAR,
    "row" INTEGER NOT NULL,
    "column" VARCHAR,
    label VARCHAR,
    stated DECIMAL(38,10),
    summed DECIMAL(38,10),
    difference DECIMAL(38,10),
    tolerance DECIMAL(38,10),
    agrees BOOLEAN NOT NULL,
    accepted_by INTEGER,
    superseded_by INTEGER
);

-- One row: which ledger this is, and the last import that readers see.
CREATE TABLE state (
    ledger_id VARCHAR NOT NULL,
    published INTEGER NOT NULL
);
