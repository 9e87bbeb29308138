-- Whether a project is an industry project (产业项目) is a fact of its own, beside its sector.

ALTER TABLE projects_versions ADD COLUMN "industry_project" BOOLEAN;

CREATE OR REPLACE VIEW projects AS
SELECT
    "project_id", "name", "district", "tier", "chain", "link", "sector", "size",
    "amount_unit", "origin", "foreign_share", "headquarters", "outward", "innovation",
    "lead_district", "lead_date", "lead_date_precision", "signed_date",
    "signed_date_precision", "start_date", "start_date_precision", "start_date_planned",
    "production_date", "production_date_precision", "production_date_planned", "note",
    "row_key", "import_id", "file_sha", "file", "sheet", "row", "version", "raw",
    "industry_project"
FROM projects_versions
WHERE import_id <= (SELECT published FROM state)
    AND (superseded_by IS NULL OR superseded_by > (SELECT published FROM state));

CREATE OR REPLACE VIEW projects_history AS
SELECT
    "project_id", "name", "district", "tier", "chain", "link", "sector", "size",
    "amount_unit", "origin", "foreign_share", "headquarters", "outward", "innovation",
    "lead_district", "lead_date", "lead_date_precision", "signed_date",
    "signed_date_precision", "start_date", "start_date_precision", "start_date_planned",
    "production_date", "production_date_precision", "production_date_planned", "note",
    "row_key", "import_id", "file_sha", "file", "sheet", "row", "version", "raw",
    "superseded_by", "industry_project"
FROM projects_versions
WHERE superseded_by <= (SELECT published FROM state);
