-- Rows are added by the import at work and marked once, by the one that replaces, settles or
-- accepts them; nothing else of them changes, whoever asks. Each import carries a digest of
-- all that it did and of the digest before, so that a change made past these rules is found.

ALTER TABLE imports ADD COLUMN digest VARCHAR;
ALTER TABLE originals ADD CONSTRAINT originals_digest
    CHECK (file_sha = encode(sha256(bytes), 'hex'));
CREATE INDEX projects_versions_import ON projects_versions (import_id);
CREATE INDEX projects_versions_superseded ON projects_versions (superseded_by);
CREATE INDEX arrivals_versions_import ON arrivals_versions (import_id);
CREATE INDEX arrivals_versions_superseded ON arrivals_versions (superseded_by);
CREATE INDEX foreign_capital_versions_import ON foreign_capital_versions (import_id);
CREATE INDEX foreign_capital_versions_superseded ON foreign_capital_versions (superseded_by);

CREATE FUNCTION at_work() RETURNS INTEGER LANGUAGE sql STABLE
    SET search_path = workbook, pg_temp
AS $$ SELECT coalesce(max(import_id), 0) + 1 FROM imports $$;

-- Empty columns are left out, so that a later step may add one.
CREATE FUNCTION history_digest(number INTEGER, head JSONB) RETURNS VARCHAR LANGUAGE plpgsql STABLE
    SET search_path = workbook, pg_temp
AS $$
DECLARE
    place TEXT[];
    part TEXT;
    whole TEXT := coalesce((SELECT digest FROM imports WHERE import_id = number - 1), '') || head;
BEGIN
    FOREACH place SLICE 1 IN ARRAY ARRAY[
        ['projects_versions', 'import_id'], ['projects_versions', 'superseded_by'],
        ['arrivals_versions', 'import_id'], ['arrivals_versions', 'superseded_by'],
        ['foreign_capital_versions', 'import_id'], ['foreign_capital_versions', 'superseded_by'],
        ['quarantine', 'import_id'], ['quarantine', 'resolved_by'],
        ['controls', 'import_id'], ['controls', 'accepted_by'], ['controls', 'superseded_by'],
        ['files', 'import_id'], ['tallies', 'import_id']
    ] LOOP
        EXECUTE format(
            'SELECT string_agg(line, '''' ORDER BY line COLLATE "C") FROM (SELECT encode(sha256('
            'convert_to(jsonb_strip_nulls(to_jsonb(t) - ''{superseded_by,resolved_by,accepted_by}'''
            '::text[])::text, ''UTF8'')), ''hex'') AS line FROM %I t WHERE %I = $1) lines',
            place[1], place[2]
        ) INTO part USING number;
        whole := encode(sha256(convert_to(concat_ws(':', whole, place[2], part), 'UTF8')), 'hex');
    END LOOP;
    RETURN whole;
END $$;

CREATE FUNCTION head_of(import imports) RETURNS JSONB LANGUAGE sql IMMUTABLE
AS $$ SELECT to_jsonb(import) - 'digest' $$;

CREATE FUNCTION broken_imports() RETURNS SETOF INTEGER LANGUAGE sql STABLE
    SET search_path = workbook, pg_temp
AS $$
    SELECT import_id FROM imports i
    WHERE digest IS DISTINCT FROM history_digest(import_id, head_of(i)) ORDER BY import_id
$$;

CREATE FUNCTION refuse(what TEXT) RETURNS VOID LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'the history of a ledger is only added to: %', what
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION only_added() RETURNS TRIGGER LANGUAGE plpgsql
    SET search_path = workbook, pg_temp
AS $$
DECLARE
    wrong BOOLEAN;
BEGIN
    EXECUTE format(
        'SELECT EXISTS (SELECT 1 FROM came WHERE import_id <> $1 OR num_nonnulls(%s) > 0)',
        coalesce(nullif(array_to_string(TG_ARGV, ', '), ''), 'NULL')
    ) INTO wrong USING at_work();
    IF wrong THEN
        PERFORM refuse(TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION only_marked() RETURNS TRIGGER LANGUAGE plpgsql
    SET search_path = workbook, pg_temp
AS $$
DECLARE
    was JSONB := to_jsonb(OLD);
    now JSONB := to_jsonb(NEW);
    marks TEXT[] := coalesce(TG_ARGV, '{}');
    mark TEXT;
BEGIN
    IF was - marks <> now - marks THEN
        PERFORM refuse(TG_TABLE_NAME);
    END IF;
    FOREACH mark IN ARRAY marks LOOP
        IF now -> mark <> was -> mark
            AND (was ->> mark IS NOT NULL OR now ->> mark <> at_work()::text) THEN
            PERFORM refuse(TG_TABLE_NAME);
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

CREATE FUNCTION import_sealed() RETURNS TRIGGER LANGUAGE plpgsql
    SET search_path = workbook, pg_temp
AS $$
BEGIN
    IF NEW.import_id <> at_work() THEN
        PERFORM refuse(TG_TABLE_NAME);
    END IF;
    NEW.imported_by := format('%s (%s)', NEW.imported_by, session_user);
    NEW.digest := history_digest(NEW.import_id, head_of(NEW));
    RETURN NEW;
END $$;

CREATE FUNCTION state_forward() RETURNS TRIGGER LANGUAGE plpgsql
    SET search_path = workbook, pg_temp
AS $$
BEGIN
    IF NEW.ledger_id <> OLD.ledger_id OR NEW.published <> at_work() - 1
        OR NEW.published < OLD.published THEN
        PERFORM refuse(TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END $$;

DO $$
DECLARE
    one RECORD;
BEGIN
    FOR one IN SELECT * FROM imports ORDER BY import_id LOOP
        UPDATE imports i SET digest = history_digest(import_id, head_of(i))
        WHERE import_id = one.import_id;
    END LOOP;
END $$;

DO $$
DECLARE
    place TEXT[];
BEGIN
    FOREACH place SLICE 1 IN ARRAY ARRAY[
        ['projects_versions', 'superseded_by'], ['arrivals_versions', 'superseded_by'],
        ['foreign_capital_versions', 'superseded_by'], ['quarantine', 'resolved_by'],
        ['controls', 'accepted_by, superseded_by'], ['files', ''], ['tallies', '']
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER added AFTER INSERT ON %I REFERENCING NEW TABLE AS came'
            ' FOR EACH STATEMENT EXECUTE FUNCTION only_added(%s)', place[1], place[2]
        );
        EXECUTE format(
            'CREATE TRIGGER marked BEFORE UPDATE ON %I'
            ' FOR EACH ROW EXECUTE FUNCTION only_marked(%s)', place[1], place[2]
        );
    END LOOP;
END $$;

CREATE TRIGGER marked BEFORE UPDATE ON originals FOR EACH ROW EXECUTE FUNCTION only_marked();
CREATE TRIGGER marked BEFORE UPDATE ON imports FOR EACH ROW EXECUTE FUNCTION only_marked();
CREATE TRIGGER sealed BEFORE INSERT ON imports FOR EACH ROW EXECUTE FUNCTION import_sealed();
CREATE TRIGGER forward BEFORE UPDATE ON state FOR EACH ROW EXECUTE FUNCTION state_forward();
