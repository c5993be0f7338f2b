#!/bin/sh
# Make the virtual environment and install what REQUIREMENTS locks: setup.sh PYTHON VENV REQUIREMENTS
# Needs nothing but Python 3.11: where Debian has split off what a virtual environment needs, it is fetched.
set -eu
python=$1 venv=$2 requirements=$3
here=$(dirname -- "$0")

complain() {
    printf '%s\n' "$*" >&2
    exit 1
}

find_python() {
    if [ -n "$python" ]; then
        command -v "$python" >/dev/null || complain "PYTHON=$python was not found."
        printf '%s' "$python"
        return
    fi
    for name in python3.11 python3.12 python3.13 python3.14 python3; do
        # Version managers leave names behind that do not run, so each is asked.
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$name"
            return
        fi
    done
    complain "Python 3.11 or newer is needed and was not found. Install it (Debian: apt-get install python3), or name it: make PYTHON=/path/to/python3.11"
}

if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        complain "$python is $("$python" --version); Python 3.11 or newer is needed. Name another: make PYTHON=/path/to/python3.11"
    echo "Preparing $venv with $("$python" --version)"
    rm -rf "$venv"
    if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
        rm -rf "$venv"
        "$python" -m venv --without-pip "$venv" ||
            complain "$python cannot make a virtual environment. Debian: apt-get install python3-venv"
        "$python" "$here/tools.py" pip "$venv" ||
            complain "pip could not be fetched. Debian: apt-get install python3-venv, then try again."
    fi
fi
echo "Installing $requirements"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$requirements"
