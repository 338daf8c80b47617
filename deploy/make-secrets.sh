#!/bin/bash
# make-secrets.sh FOLDER: the secrets docker-compose.yml names, each made once and never overwritten.
# TLS certificate and key are the operator's: put them beside, as tls_certificate and tls_key.
# Needs openssl. Where PostgreSQL or Redis stand on other machines, edit the *_url files before the first start.
set -euo pipefail
folder=${1:?use: make-secrets.sh FOLDER}
umask 077
mkdir -p "$folder"

once() { # once NAME: standard input becomes the file, unless it is there
    if [ -e "$folder/$1" ]; then cat >/dev/null; else cat >"$folder/.draft" && mv "$folder/.draft" "$folder/$1"; fi
}
key() { openssl rand -base64 32 | tr -d '\n'; }
password() { openssl rand -hex 24; }

openssl rand -base64 60 | tr -d '\n' | once secret_key
printf '{"current": "k1", "keys": {"k1": "%s"}, "index": "%s", "audit": "%s"}\n' "$(key)" "$(key)" "$(key)" | once keyring.json
for name in postgres owner web job backup redis; do password | once "${name}_password"; done

url() { printf 'postgres://%s:%s@db:5432/qianshou\n' "$1" "$(cat "$folder/$2_password")" | once "$3"; }
url postgres postgres admin_database_url
url qianshou_owner owner database_url
url qianshou_web web web_database_url
url qianshou_job job job_database_url
url qianshou_backup backup backup_database_url
printf 'redis://:%s@redis:6379/0\n' "$(cat "$folder/redis_password")" | once redis_url

# Compose mounts these files as they are: the containers' user (10001) and PostgreSQL's read them through the folder's
# privacy, not the files'.
chmod 0644 "$folder"/*
chmod 0700 "$folder"
ls -l "$folder"
