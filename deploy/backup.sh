#!/bin/bash
# One backup: database, row counts of the same moment, stored files. Nothing is kept unless all of it succeeded.
#   DATABASE_URL       the backup login (or DATABASE_URL_FILE)
#   BACKUP_FOLDER      where to; FILES_FOLDER: the stored files; BACKUP_KEEP_DAYS: how long (30)
set -euo pipefail
umask 077
here=$(cd "$(dirname "$0")" && pwd)
if [ -n "${DATABASE_URL_FILE:-}" ]; then DATABASE_URL=$(cat "$DATABASE_URL_FILE"); fi
: "${DATABASE_URL:?}" "${BACKUP_FOLDER:?}"
. "$here/address.sh"
address "$DATABASE_URL"

mkdir -p "$BACKUP_FOLDER"
name=qianshou-$(date +%Y%m%d-%H%M%S)
work=$(mktemp -d "$BACKUP_FOLDER/.making-XXXXXX")
trap 'rm -rf "$work"' EXIT

# Under row-level security a dump is silently short: 38 of 1,000,000 rows in a trial.
if [ "$(query -c "SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user")" != t ]; then
    echo "this login does not see all rows; use the one of BACKUP_DATABASE_URL" >&2
    exit 1
fi

# One session keeps a snapshot open, so that counts and dump tell of the same moment.
coproc keeper { query; }
echo "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_export_snapshot();" >&"${keeper[1]}"
read -r -t 60 snapshot <&"${keeper[0]}"
{ cat "$here/counts.sql"; echo '\echo end'; } >&"${keeper[1]}"
while read -r line <&"${keeper[0]}" && [ "$line" != end ]; do echo "$line"; done >"$work/$name.counts"
pg_dump --format=custom --no-unlogged-table-data --snapshot="$snapshot" --file="$work/$name.dump" \
    --dbname="$address"
echo "COMMIT; \\q" >&"${keeper[1]}"

[ -s "$work/$name.counts" ] || { echo "no tables were counted" >&2; exit 1; }
pg_restore --list "$work/$name.dump" >/dev/null
if [ -d "${FILES_FOLDER:-}" ]; then tar --create --gzip --file="$work/$name.files.tar.gz" --directory="$FILES_FOLDER" .; fi
(cd "$work" && sha256sum "$name".* >"$name.sha256")
sync "$work"/*
mv "$work"/* "$BACKUP_FOLDER/"

find "$BACKUP_FOLDER" -maxdepth 1 -name 'qianshou-*' -mtime "+${BACKUP_KEEP_DAYS:-30}" -delete
echo "$BACKUP_FOLDER/$name.dump: $(wc -l <"$BACKUP_FOLDER/$name.counts") tables," \
    "$(awk -F'|' '{n += $2} END {print n + 0}' "$BACKUP_FOLDER/$name.counts") rows"
