#!/bin/sh
# venv.sh FOLDER PYTHON LEVEL: make FOLDER match requirements/LEVEL.txt (local or dev); does nothing when it does.
set -eu
folder=$1 python=$2 level=$3
stamp() { sha256sum <"requirements/$1.txt" | cut -c1-32; }
has() { [ -x "$folder/bin/python" ] && [ "$(cat "$folder/stamp-$1" 2>/dev/null)" = "$(stamp "$1")" ]; }

if has dev || has "$level"; then exit 0; fi

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.11 …" >&2
    exit 1
fi
# An environment whose Python is gone, or that was moved from another path, can't be mended.
if ! "$folder/bin/python" -c '' 2>/dev/null; then
    "$python" -m venv --clear "$folder" || {
        echo "python3-venv is needed (Debian: apt-get install python3-venv)" >&2
        exit 1
    }
fi
echo "installing requirements/$level.txt"
rm -f "$folder"/stamp-*
"$folder/bin/python" -m pip install -qq --disable-pip-version-check --no-input \
    --require-hashes --only-binary :all: ${WHEELHOUSE:+--no-index --find-links "$WHEELHOUSE"} \
    -r "requirements/$level.txt"
stamp "$level" >"$folder/stamp-$level"
