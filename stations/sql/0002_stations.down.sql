DROP TRIGGER station_within_township ON stations_station;
DROP FUNCTION app.station_within_township();
ALTER TABLE stations_stationoperator DROP CONSTRAINT station_operator_forward;
ALTER TABLE stations_stationoperator DROP CONSTRAINT station_operator_one_a_role;
