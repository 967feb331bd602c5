#!/usr/bin/env bash
# Prepares everything that `make demo` and `make test` need. Idempotent; compiles nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '\033[1m[setup]\033[0m %s\n' "$*"; }
die() { printf '[setup] %s\n' "$*" >&2; exit 2; }

# 1. The Python environment, every package by hash.
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die "Python 3.11 or newer is needed, got $("$python" --version). Set PYTHON=/path/to/python3.11."
if [ ! -x .venv/bin/python ]; then
  say "creating .venv"
  "$python" -m venv .venv || die "python -m venv failed; on Debian: apt-get install python3-venv"
fi
say "installing the locked packages"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
command -v node >/dev/null 2>&1 || {
  say "no Node on this machine: installing it from its Python wheel"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-node.lock
}

# 2. Debian packages, where we may install: the browser, if Playwright's cannot be fetched, and a CJK font.
apt_install() {
  command -v apt-get >/dev/null 2>&1 || return 1
  [ "$(id -u)" = 0 ] || return 1
  [ -n "${apt_updated:-}" ] || { apt-get update -qq; apt_updated=1; }
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}
if ! .venv/bin/python -m harness.browser.find --quiet; then
  say "installing a browser"
  timeout 300 .venv/bin/python -m playwright install chromium >/dev/null 2>&1 \
    || apt_install chromium \
    || die "no browser: 'playwright install chromium' failed and Debian's package cannot be installed. Install Chromium and set XUNJIAN_BROWSER to its path."
  .venv/bin/python -m harness.browser.find --quiet || die "a browser was installed but cannot be found: set XUNJIAN_BROWSER to its path."
fi
if ! fc-list :lang=zh 2>/dev/null | grep -q .; then
  say "installing a Chinese font"
  apt_install fontconfig fonts-wqy-microhei || say "no Chinese font and none could be installed: PDF reports will show boxes. Install one, e.g. fonts-wqy-microhei."
fi
.venv/bin/python -c 'import cv2' 2>/dev/null || apt_install libgl1 libglib2.0-0 || die "OpenCV cannot load: install libgl1 and libglib2.0-0."

# 3. The reference platform's face engine. Everything else works without it.
if ! .venv/bin/python -m fixtures.faceengine --check; then
  say "installing the reference platform's face engine (Node packages, once)"
  .venv/bin/python -m fixtures.faceengine --setup \
    || say "no face engine: the reference platform runs only with --no-faces, and its portraits and face checks cannot be tested. Try again with: .venv/bin/python -m fixtures.faceengine --setup"
fi
say "ready"
