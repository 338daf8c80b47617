DROP TRIGGER audit_pending ON core_auditevent;
DROP FUNCTION app.audit_pending();
DROP INDEX audit_by_time;
DROP INDEX audit_by_subject;
