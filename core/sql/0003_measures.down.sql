DROP TRIGGER keep_measure_row ON core_measurerow;
DROP FUNCTION app.keep_measure_row();
DROP VIEW core_measure_value;
DROP INDEX region_delta_place;
