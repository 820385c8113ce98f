#!/bin/sh
# Make the virtual environment and install exactly what the lock file names. $1: runtime or dev.
set -eu
kind=$1
lock=requirements.lock
[ "$kind" = dev ] && lock=requirements-dev.lock

python=${PYTHON:-python3.11}
if ! command -v "$python" >/dev/null 2>&1; then
    python=python3
fi
if ! command -v "$python" >/dev/null 2>&1; then
    echo "Laurel needs Python 3.11 or newer; no python3 was found." >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Laurel needs Python 3.11 or newer; $python is $("$python" -V 2>&1)." >&2
    exit 1
fi
free=$(df -Pk . | awk 'NR == 2 {print $4}')
if [ ! -d .venv ] && [ "$free" -lt 1500000 ]; then
    echo "The disk has $((free / 1024)) MB free here; the first start needs 1500 MB." >&2
    exit 1
fi
if [ ! -x .venv/bin/python ]; then
    echo "Making a virtual environment in .venv …"
    "$python" -m venv .venv || { echo "python3-venv is missing; install it and try again." >&2; exit 1; }
fi
echo "Installing from $lock (a minute or two the first time) …"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" \
    || { echo "The installation failed; the lines above say why." >&2; exit 1; }
touch ".venv/$kind"
[ "$kind" = dev ] && touch .venv/runtime
exit 0
