#!/bin/sh
# Reads NAME_FILE into NAME for the addresses that hold passwords, then becomes the command.
# Compose hands secrets over as files; in the environment of a container's definition anyone with Docker reads them.
set -eu
for name in ADMIN_DATABASE_URL DATABASE_URL WEB_DATABASE_URL JOB_DATABASE_URL BACKUP_DATABASE_URL REDIS_URL; do
    eval "file=\${${name}_FILE:-}"
    if [ -n "$file" ]; then
        export "$name=$(cat "$file")"
        unset "${name}_FILE"
    fi
done
exec "$@"
