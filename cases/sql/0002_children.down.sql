DROP TRIGGER client_child_has_guardian ON cases_client;
DROP FUNCTION app.child_has_guardian();
