#!/bin/bash
# Writes var/bundle/qianshou-VERSION.tar.gz: the committed sources, the built web assets and a wheelhouse, for an
# installation without network. Run it with the same Python version and processor as the target has.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(git describe --tags --always --dirty)
stage=var/bundle/qianshou-$version
rm -rf "$stage"
mkdir -p "$stage/wheelhouse"
git archive HEAD | tar --extract --directory="$stage"
mkdir -p "$stage/static"
cp -r static/vendor static/icons.svg "$stage/static/"
"${PYTHON:-.venv/bin/python}" -m pip download -qq --disable-pip-version-check --require-hashes --only-binary :all: \
    --dest "$stage/wheelhouse" -r requirements/base.txt
tar --create --gzip --file="$stage.tar.gz" --directory=var/bundle "$(basename "$stage")"
rm -rf "$stage"
(cd var/bundle && sha256sum "$(basename "$stage").tar.gz" >"$(basename "$stage").tar.gz.sha256")
echo "$stage.tar.gz"
