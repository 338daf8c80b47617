CREATE INDEX region_delta_place ON core_regiondelta (measure, region_code, month);

-- The wide row unfolded: one line a measure. Holds numbers of places, nothing of persons.
CREATE VIEW core_measure_value WITH (security_invoker = true) AS
    SELECT run.id AS run_id, run.subject_kind, run.period_start, run.period_end, run.finished_at,
           counted.subject_id, counted.region_code, named.code, counted.values[named.place] AS value
    FROM core_measurerun run
    JOIN core_measurerow counted ON counted.run_id = run.id AND counted.period_start = run.period_start
    CROSS JOIN LATERAL unnest(run.codes) WITH ORDINALITY AS named(code, place)
    WHERE run.finished_at IS NOT NULL;

-- A value once counted stays as it was; only whole runs that nothing cites are ever dropped.
CREATE FUNCTION app.keep_measure_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM core_measurerun WHERE id = OLD.run_id
               AND (cited_at IS NOT NULL OR started_at > now() - interval '35 days')) THEN
        RAISE EXCEPTION 'this run is cited or recent' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER keep_measure_row BEFORE UPDATE OR DELETE ON core_measurerow
    FOR EACH ROW EXECUTE FUNCTION app.keep_measure_row();
-- The job login takes a reach to count, so the range role may insert; nobody else writes values or sums.
REVOKE INSERT, UPDATE, DELETE ON core_measurerow, core_measurerun, core_regionsum FROM qianshou_web, reach_list;
REVOKE UPDATE ON core_measurerow FROM qianshou_job, reach_range;
