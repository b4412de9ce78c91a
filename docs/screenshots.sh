#!/bin/bash
# docs/screenshots.sh: makes the pictures in docs/screenshots, in a headless compositor
# SPDX-License-Identifier: GPL-3.0-or-later
#
# docs/screenshots.sh [BUILD [RECORDING]]
# The live page and the hit card, in both levels, by day and by night, at both sizes, are the real
# terminal on a real recording (the demo). What a recording does not come to by itself (a check being
# recorded, a mark that is not exact, lost equipment, the sign-on) is the same window on the tests'
# scripted engine, with made-up pictures. Look at them before you commit them.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

build=$(readlink -f "${1:-build}")
recording=$(readlink -f "${2:-.demo}")
out=docs/screenshots
seat=$build/tests/lib/shell/weston-test-seat.so
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
mkdir -p "$out"

export BOLO_DATA_DIR=$PWD/data GSETTINGS_BACKEND=memory GTK_A11Y=none LC_ALL=C.UTF-8
export TZ=Europe/London DBUS_SESSION_BUS_ADDRESS=disabled:

# SIZE THEME SEAT SECONDS NAME: with --measure each hit is put aside after a while, as by a hand
terminal() {
  echo "$5-$2-$1"
  local aside=()
  [[ $5 == *-live ]] && aside=(--measure "$state/measure.json")
  rm -rf "$state/run"
  tests/lib/shell/with-weston "$1" "$seat" "$build/bolo" --replay "$recording" --state "$state/run" \
    --seat "$3" --theme "$2" --silent --quit-at-end "${aside[@]}" \
    --screenshot "$out/$5-$2-$1.png" --screenshot-at "$4" 2> "$state/log" || { cat "$state/log" >&2; exit 1; }
}

# PAGE THEME LEVEL SIZE
scripted() {
  echo "$1-$2-$4"
  tests/lib/shell/with-weston "$4" "$seat" "$build/tests/shell/shell-gallery" \
    "$1" "$2" "$3" "${4%x*}" "${4#*x}" "$out/$1-$2-$4.png" 2> "$state/log" || { cat "$state/log" >&2; exit 1; }
}

for size in 1024x600 1280x800; do
  for theme in night day; do
    terminal "$size" "$theme" operator "${LIVE_AT:-20}" operator-live
    terminal "$size" "$theme" operator "${CARD_AT:-30}" operator-card
    terminal "$size" "$theme" driver "${LIVE_AT:-20}" driver-live
    terminal "$size" "$theme" driver "${CARD_AT:-30}" driver-card
  done
done
for page in similar check hits sign-on equipment trouble lists watch doubtful station; do
  scripted "$page" night operator 1024x600
done
for page in lists watch doubtful station; do
  scripted "$page" day operator 1024x600
done
scripted no-seat night driver 1024x600
