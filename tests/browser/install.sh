#!/bin/sh
# Make sure that a Chromium and Chinese fonts are there: install them where that is allowed, else say how.
set -eu
line="apt-get install -y --no-install-recommends chromium fonts-noto-cjk"
missing=""
[ -n "${CHROMIUM:-}" ] || missing="chromium"
fc-list :lang=zh 2>/dev/null | grep -q . || missing="$missing fonts"
[ -n "$missing" ] || exit 0

if command -v apt-get >/dev/null; then
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    if [ -z "$as_root" ] || $as_root true 2>/dev/null; then
        echo "… Chromium, 中文字体 / fonts ($missing)"
        $as_root apt-get update -qq
        DEBIAN_FRONTEND=noninteractive $as_root $line -qq >/dev/null
        exit 0
    fi
    echo "The browser tests need:$missing. Run: sudo $line"
else
    echo "The browser tests need:$missing. Install Chromium and a Chinese font, then: make test CHROMIUM=/path/to/chromium"
fi
echo "Or leave the browser tests out: make test SKIP_BROWSER=1"
exit 1
