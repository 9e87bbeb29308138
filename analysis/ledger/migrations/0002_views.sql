-- What readers see: the rows as the last published import left them, and what they were before.

CREATE VIEW projects AS
SELECT
    "project_id", "name", "district", "tier", "chain", "link", "sector", "size",
    "amount_unit", "origin", "foreign_share", "headquarters", "outward", "innovation",
    "lead_district", "lead_date", "lead_date_precision", "signed_date",
    "signed_date_precision", "start_date", "start_date_precision", "start_date_planned",
    "production_date", "production_date_precision", "production_date_planned", "note",
    "row_key", "import_id", "file_sha", "file", "sheet", "row", "version", "raw"
FROM projects_versions
WHERE import_id <= (SELECT published FROM state)
    AND (superseded_by IS NULL OR superseded_by > (SELECT published FROM state));

CREATE VIEW projects_history AS
SELECT
    "project_id", "name", "district", "tier", "chain", "link", "sector", "size",
    "amount_unit", "origin", "foreign_share", "headquarters", "outward", "innovation",
    "lead_district", "lead_date", "lead_date_precision", "signed_date",
    "signed_date_precision", "start_date", "start_date_precision", "start_date_planned",
    "production_date", "production_date_precision", "production_date_planned", "note",
    "row_key", "import_id", "file_sha", "file", "sheet", "row", "version", "raw",
    "superseded_by"
FROM projects_versions
WHERE superseded_by <= (SELECT published FROM state);

CREATE VIEW arrivals AS
SELECT
    "arrival_id", "project_id", "name", "district", "date", "date_precision", "amount",
    "amount_unit", "currency", "capital_kind", "note", "row_key", "import_id", "file_sha",
    "file", "sheet", "row", "version", "raw"
FROM arrivals_versions
WHERE import_id <= (SELECT published FROM state)
    AND (superseded_by IS NULL OR superseded_by > (SELECT published FROM state));

CREATE VIEW arrivals_history AS
SELECT
    "arrival_id", "project_id", "name", "district", "date", "date_precision", "amount",
    "amount_unit", "currency", "capital_kind", "note", "row_key", "import_id", "file_sha",
    "file", "sheet", "row", "version", "raw",
    "superseded_by"
FROM arrivals_versions
WHERE superseded_by <= (SELECT published FROM state);

CREATE VIEW foreign_capital AS
SELECT
    "record_id", "project_id", "district", "date", "date_precision", "scope", "amount",
    "amount_unit", "currency", "note", "row_key", "import_id", "file_sha", "file", "sheet",
    "row", "version", "raw"
FROM foreign_capital_versions
WHERE import_id <= (SELECT published FROM state)
    AND (superseded_by IS NULL OR superseded_by > (SELECT published FROM state));

CREATE VIEW foreign_capital_history AS
SELECT
    "record_id", "project_id", "district", "date", "date_precision", "scope", "amount",
    "amount_unit", "currency", "note", "row_key", "import_id", "file_sha", "file", "sheet",
    "row", "version", "raw",
    "superseded_by"
FROM foreign_capital_versions
WHERE superseded_by <= (SELECT published FROM state);
