#!/bin/bash
# Runs once, in an empty data directory: the login that owns the database, and the database.
# The other roles are the work of `manage.py roles`, which may be repeated and knows their rights.
set -euo pipefail
password=$(cat "${SECRETS:-/run/secrets}/owner_password")
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set password="$password" --dbname postgres <<'SQL'
CREATE ROLE qianshou_owner LOGIN CREATEDB PASSWORD :'password';
CREATE DATABASE qianshou OWNER qianshou_owner;
REVOKE CONNECT ON DATABASE qianshou FROM PUBLIC;
SQL
