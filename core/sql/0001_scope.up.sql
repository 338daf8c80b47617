CREATE EXTENSION IF NOT EXISTS btree_gist;

-- The reach of the running transaction. After COMMIT a local setting comes back as '' and not NULL: both raise.
CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO qianshou_web, qianshou_job, qianshou_backup, reach_range, reach_list, guard;

CREATE FUNCTION app.unscoped() RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RAISE EXCEPTION 'no reach in this transaction' USING ERRCODE = 'insufficient_privilege';
END $$;

-- Plain SQL, so that the planner inlines it: a PL/pgSQL call per row costs a second a million rows.
CREATE FUNCTION app.lo() RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT COALESCE(NULLIF(current_setting('app.lo', true), ''), app.unscoped()) COLLATE "C" $$;
CREATE FUNCTION app.hi() RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT COALESCE(NULLIF(current_setting('app.hi', true), ''), app.unscoped()) COLLATE "C" $$;
CREATE FUNCTION app.stations() RETURNS uuid[] LANGUAGE sql STABLE AS
    $$ SELECT COALESCE(NULLIF(current_setting('app.stations', true), ''), app.unscoped())::uuid[] $$;
CREATE FUNCTION app.grants() RETURNS uuid[] LANGUAGE sql STABLE AS
    $$ SELECT COALESCE(NULLIF(current_setting('app.grants', true), ''), app.unscoped())::uuid[] $$;

CREATE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- Months are made ahead, by the nightly job: SECURITY DEFINER, because only the owner may create tables.
CREATE FUNCTION app.ensure_partitions(parent text, months_ahead int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    month date := date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai')::date;
    part text;
    made int := 0;
BEGIN
    FOR step IN 0..months_ahead LOOP
        part := format('%s_%s', parent, to_char(month, 'YYYYMM'));
        IF to_regclass(part) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                           part, parent, month, (month + interval '1 month')::date);
            EXECUTE format('REVOKE ALL ON %I FROM qianshou_web, qianshou_job, reach_range, reach_list', part);
            made := made + 1;
        END IF;
        month := (month + interval '1 month')::date;
    END LOOP;
    RETURN made;
END $$;
REVOKE EXECUTE ON FUNCTION app.ensure_partitions(text, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.ensure_partitions(text, int) TO qianshou_job, reach_range;
