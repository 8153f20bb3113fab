#!/bin/sh
# Finds a Chromium for the tests that walk pages, or installs one.
set -eu
cd "$(dirname "$0")/.."

for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" > /dev/null; then exit 0; fi
done

starts() {
    .venv/bin/python - << 'END' > /dev/null 2>&1
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    playwright.chromium.launch().close()
END
}

starts && exit 0
echo 'Installing Chromium for the browser tests'
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null &&
    { apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium; } > /dev/null 2>&1; then
    exit 0
fi
.venv/bin/playwright install chromium
starts && exit 0
printf '\nmake: The browser lacks libraries of the system. Type:\n    %s\n' \
    "sudo $(pwd)/.venv/bin/playwright install-deps chromium" >&2
exit 1
