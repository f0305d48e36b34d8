#!/usr/bin/env bash
# Runs every check, setting up all that it needs: a virtual environment with the package and its
# test extra; Pyodide, a driver of Chromium and axe-core for Node; and on Debian and Ubuntu, as root,
# LibreOffice with a virtual screen and Chromium from the system's packages. What can't be had, the
# tests that need it say so and skip; with CI set they fail.
#
#   tests/run.sh               everything
#   tests/run.sh -k engine     extra arguments go to pytest
set -euo pipefail
cd "$(dirname "$0")/.."

environment=${XLMODEL_VENV:-.venv}
python=${PYTHON:-python3}

missing() {  # whether one of the programs is not here
    for program in "$@"; do command -v "$program" >/dev/null || return 0; done
    return 1
}

if missing soffice pdftotext Xvfb xdotool import fc-list || [ -z "$(fc-list Carlito)" ] ||
    ! /usr/bin/python3 -c 'import uno' 2>/dev/null; then
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        echo "== installing LibreOffice and a virtual screen"
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            libreoffice-calc libreoffice-gtk3 python3-uno \
            poppler-utils xvfb xdotool imagemagick \
            fontconfig fonts-liberation fonts-crosextra-carlito >/dev/null
    fi
fi

if missing chromium && missing google-chrome && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "== installing Chromium"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        chromium fonts-noto-cjk >/dev/null
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "== installing python3-venv"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
fi

echo "== setting up $environment"
[ -x "$environment/bin/pip" ] || "$python" -m venv --clear "$environment"
"$environment/bin/pip" install --quiet --disable-pip-version-check --editable ".[test]"
PATH="$PWD/$environment/bin:$PATH"
pip install --quiet --disable-pip-version-check --only-binary=:all: --editable ".[grid]" ||
    echo "== no wheel of what measured the grid: the test that needs it says so and skips"

if command -v npm >/dev/null; then
    echo "== setting up Pyodide, the driver of Chromium and axe-core in .node"
    packages="pyodide@314.0.7 playwright-core@1.65.1 axe-core@4.14.1"
    for package in $packages; do
        grep -qs "\"version\": \"${package#*@}\"" ".node/node_modules/${package%@*}/package.json" && continue
        # All in one command, since npm takes away what it is not asked for. No quotes: three words.
        npm install --silent --no-audit --no-fund --no-save --prefix .node $packages
        break
    done
    xlwings=$(python -c 'from xlmodel.hosts.publish import XLWINGS; print(XLWINGS)')
    [ -f ".node/xlwings-$xlwings-py3-none-any.whl" ] || pip download --quiet \
        --disable-pip-version-check --no-deps --only-binary=:all: --platform any --dest .node \
        "xlwings==$xlwings"
fi

echo "== ruff"
ruff check .
ruff format --check .
echo "== mypy --strict"
mypy
echo "== import-linter"
lint-imports
echo "== pytest"
pytest --numprocesses 2 --cov --cov-report=term "$@"
