-- One organisation a role at a station on any day (001-04: two contracts, two duties).
ALTER TABLE stations_stationoperator ADD CONSTRAINT station_operator_one_a_role
    EXCLUDE USING gist (station_id WITH =, role WITH =, daterange(valid_from, valid_to) WITH &&);
ALTER TABLE stations_stationoperator ADD CONSTRAINT station_operator_forward CHECK (valid_to IS NULL OR valid_to > valid_from);

-- A point or room stands in the township of its station, which is no point itself. Asked at the end of the transaction, so
-- that a station and its points may move together. SECURITY DEFINER: under the caller's reach a trigger sees too little.
CREATE FUNCTION app.station_within_township() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM stations_station AS point JOIN stations_station AS above ON above.id = point.parent_id
        WHERE (point.id = NEW.id OR point.parent_id = NEW.id)
          AND (above.kind <> 'station' OR left(point.region_code, 9) <> above.region_code)
    ) THEN
        RAISE EXCEPTION 'a point stands in the township of its station'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'station_within_township';
    END IF;
    RETURN NULL;
END $$;
GRANT CREATE ON SCHEMA app TO guard;
ALTER FUNCTION app.station_within_township() OWNER TO guard;
REVOKE CREATE ON SCHEMA app FROM guard;
CREATE CONSTRAINT TRIGGER station_within_township AFTER INSERT OR UPDATE OF region_code, parent_id, kind ON stations_station
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.station_within_township();
