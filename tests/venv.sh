#!/bin/sh
# Makes build/venv with the packages of tests/requirements.txt; does nothing where it is already so.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
venv=$root/build/venv
stamp=$venv/.requirements
if cmp -s "$root/tests/requirements.txt" "$stamp"; then exit 0; fi
echo "making build/venv (packages of tests/requirements.txt from PyPI)"
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check -r "$root/tests/requirements.txt"
cp "$root/tests/requirements.txt" "$stamp"
