#!/bin/bash
# Runs backup.sh each day at BACKUP_AT (local time), and once more an hour later when it failed.
# /tmp/last-good is what the health check looks at: a day without a backup shows.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
touch /tmp/last-good
while true; do
    now=$(date +%s)
    next=$(date -d "today ${BACKUP_AT:-02:30}" +%s)
    [ "$next" -gt "$now" ] || next=$(date -d "tomorrow ${BACKUP_AT:-02:30}" +%s)
    sleep $((next - now)) &
    wait $!
    for pause in 3600 0; do
        if "$here/backup.sh"; then
            touch /tmp/last-good
            break
        fi
        echo "the backup failed" >&2
        sleep "$pause"
    done
done
