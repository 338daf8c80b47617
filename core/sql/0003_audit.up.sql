CREATE INDEX audit_by_subject ON core_auditevent USING gin (subject_keys);
CREATE INDEX audit_by_time ON core_auditevent (at DESC, id DESC);

-- Each event waits here until a seal covers it; written in the event's own transaction, so nothing is ever missed.
CREATE FUNCTION app.audit_pending() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO core_auditpending (event_id, at) SELECT id, at FROM arrived;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_pending AFTER INSERT ON core_auditevent REFERENCING NEW TABLE AS arrived
    FOR EACH STATEMENT EXECUTE FUNCTION app.audit_pending();
-- Only the job login itself seals: no role that a request can take may touch what waits, or write a seal.
REVOKE INSERT, UPDATE, DELETE ON core_auditpending FROM qianshou_web, reach_range, reach_list;
REVOKE INSERT, UPDATE ON core_auditpending FROM qianshou_job;
REVOKE INSERT, UPDATE, DELETE ON core_auditseal FROM qianshou_web, reach_range, reach_list;
