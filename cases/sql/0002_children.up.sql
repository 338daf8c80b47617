-- A child under 14 is never on the register without a guardian's consent (PIPL art. 31). Asked at the end of the
-- transaction, since client and consent arrive one after the other; only children are asked about, so adults cost nothing.
-- SECURITY DEFINER: under the caller's reach a trigger sees too little.
CREATE FUNCTION app.child_has_guardian() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cases_consent WHERE client_id = NEW.id AND given_by = 'guardian') THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'a child under 14 needs the consent of a guardian'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'client_child_has_guardian';
END $$;
GRANT CREATE ON SCHEMA app TO guard;
ALTER FUNCTION app.child_has_guardian() OWNER TO guard;
REVOKE CREATE ON SCHEMA app FROM guard;
CREATE CONSTRAINT TRIGGER client_child_has_guardian AFTER INSERT OR UPDATE OF birth_date ON cases_client
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.state = 'active' AND NEW.birth_date > NEW.registered_on - interval '14 years')
    EXECUTE FUNCTION app.child_has_guardian();
