#!/bin/bash
# restore.sh BACKUP.dump: fill an empty database from a backup and compare the row counts.
#   ADMIN_DATABASE_URL   a superuser's address of the new database (row-level security binds even the owner)
#   FILES_FOLDER         where the stored files go (may be left out)
# The roles must stand already: `manage.py roles`. docs/runbooks/restore.md has the whole way.
set -euo pipefail
dump=${1:?use: restore.sh BACKUP.dump}
here=$(cd "$(dirname "$0")" && pwd)
base=${dump%.dump}
: "${ADMIN_DATABASE_URL:?}"
. "$here/address.sh"
address "$ADMIN_DATABASE_URL"

(cd "$(dirname "$dump")" && sha256sum --check --quiet "$(basename "$base").sha256")
tables=$(query -c "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
if [ "$tables" != 0 ]; then
    echo "this database has $tables tables already; restore into an empty one" >&2
    exit 1
fi
pg_restore --dbname="$address" --exit-on-error --single-transaction "$dump"
query -c "ANALYZE"

found=$(mktemp)
trap 'rm -f "$found"' EXIT
query -f "$here/counts.sql" >"$found"
if ! diff "$base.counts" "$found"; then
    echo "the counts differ (left: backup, right: restored)" >&2
    exit 1
fi
if [ -n "${FILES_FOLDER:-}" ] && [ -f "$base.files.tar.gz" ]; then
    mkdir -p "$FILES_FOLDER"
    tar --extract --gzip --file="$base.files.tar.gz" --directory="$FILES_FOLDER"
fi
echo "restored: $(wc -l <"$found") tables, counts equal"
