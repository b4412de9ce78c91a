# .ci/packages.sh: which Debian packages Bolo needs, and how the missing ones get installed
# shellcheck shell=bash disable=SC2034 # sourced; the lists are used there
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sourced by run and test. One word a package; a|b means the first of these that is there or can
# be had (names differ between Debian releases; a * matches a version number).

# To build and run the terminal.
BOLO_PACKAGES_RUN='
  gcc g++ libc6-dev pkg-config|pkgconf meson ninja-build gettext python3
  libglib2.0-dev libglib2.0-bin libgtk-4-dev libadwaita-1-dev
  libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev
  gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-tools gstreamer1.0-libcamera
  gstreamer1.0-libav gstreamer1.0-plugins-ugly gstreamer1.0-plugins-bad gstreamer1.0-pulseaudio
  libopencv-core-dev libopencv-imgproc-dev libopencv-dnn-dev libdnnl-dev
  libgps-dev gpsd libsqlite3-dev libnotify-dev libjson-glib-dev libzip-dev libsodium-dev libxml2-dev
  libsoup-3.0-dev glib-networking libgnutls28-dev libpq-dev
  libjpeg62-turbo-dev|libjpeg-dev libpng-dev libcairo2-dev tzdata
  espeak-ng espeak-ng-data libespeak-ng-dev
  librsvg2-common fonts-dejavu-core libgl1-mesa-dri xvfb dbus|dbus-daemon
'

# To test it, on top of these.
BOLO_PACKAGES_TEST='
  libgstrtspserver-1.0-dev weston libweston-10-dev|libweston-*-dev xdotool imagemagick
  pulseaudio pulseaudio-utils appstream desktop-file-utils flatpak-builder clang-format
  man-db groff-base procps curl openssl iproute2 strace postgresql-15|postgresql-*
'

# For the long suites alone: libFuzzer.
BOLO_PACKAGES_LONG='
  clang libclang-rt-14-dev|libclang-rt-*-dev
'

# Says what is wrong in one sentence and ends.
bolo_fail () {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit 1
}

# Prints each word of "$1" of which no alternative is installed.
bolo_missing_packages () {
  local installed word name found
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null |
              sed -n 's/^installed //p')
  installed=$'\n'$installed$'\n'
  set -f
  for word in $1; do
    found=no
    for name in ${word//|/ }; do
      # shellcheck disable=SC2254 # the * in a name is meant as a pattern
      case $installed in *$'\n'$name$'\n'*) found=yes; break ;; esac
    done
    [ "$found" = yes ] || printf '%s\n' "$word"
  done
  set +f
}

# Prints, for a word, the name that apt can install, or nothing.
bolo_installable () {
  local name match
  set -f
  for name in ${1//|/ }; do
    case $name in
      *\**) match=$(apt-cache pkgnames "${name%%\**}" | grep -x -- "${name//\*/[0-9.]*}" | sort -V | tail -n 1) ;;
      *) match=$(apt-cache policy -- "$name" 2>/dev/null | sed -n '/Candidate: (none)/q;s/^  Candidate: .*/'"$name"'/p') ;;
    esac
    if [ -n "$match" ]; then
      printf '%s\n' "$match"
      break
    fi
  done
  set +f
}

# Installs what is missing of "$1"; does nothing, quickly, where nothing is.
bolo_install_packages () {
  local missing word name log
  local -a names=() as_root=() lost=()

  command -v dpkg-query >/dev/null ||
    bolo_fail "this is not a Debian system; install what .ci/packages.sh lists, then use meson"
  missing=$(bolo_missing_packages "$1")
  [ -n "$missing" ] || return 0

  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      bolo_fail "these packages are missing, and there is no sudo to install them with: ${missing//$'\n'/ }"
    as_root=(sudo)
  fi
  printf 'Installing what building and testing Bolo need and is not here%s:\n  %s\n' \
    "${as_root:+ (through sudo)}" "${missing//$'\n'/ }" >&2

  # A third party's source that does not answer must not stop us; what cannot be found will.
  "${as_root[@]}" apt-get -qq update </dev/null >&2 ||
    printf 'apt-get update had trouble (see above); going on with what it knows.\n' >&2
  for word in $missing; do
    name=$(bolo_installable "$word")
    if [ -n "$name" ]; then names+=("$name"); else lost+=("$word"); fi
  done
  [ ${#lost[@]} -eq 0 ] ||
    bolo_fail "apt knows no package ${lost[*]}; is a Debian 12 (or newer) main archive in /etc/apt/sources.list?"
  log=$(mktemp)
  if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get -qq install -y --no-install-recommends "${names[@]}" </dev/null >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    rm -f "$log"
    bolo_fail "apt-get could not install ${names[*]}; its reason stands above"
  fi
  rm -f "$log"
  missing=$(bolo_missing_packages "$1")
  [ -z "$missing" ] || bolo_fail "still missing after installing: ${missing//$'\n'/ }"
}

# Configures folder "$1" with the rest as options, if it is not yet; configures it again when a
# build file came or went (Meson watches only the ones it knows).
bolo_configure () {
  local folder=$1 build_files reason=setup
  shift
  build_files=$(find src tests data icons po -name meson.build -o -name 'main-*.c' | LC_ALL=C sort)
  if [ -f "$folder/build.ninja" ]; then
    [ "$(cat "$folder/build-files.txt" 2>/dev/null)" = "$build_files" ] && return 0
    reason=reconfigure
    set -- --reconfigure
  else
    rm -rf "$folder"
  fi
  if ! meson setup "$folder" "$@" >"$folder.log" 2>&1; then
    tail -n 30 "$folder.log" >&2
    [ "$reason" = setup ] && rm -rf "$folder"
    rm -f "$folder.log"
    bolo_fail "meson could not configure $folder; its reason stands above"
  fi
  mv "$folder.log" "$folder/meson-logs/setup.txt"
  printf '%s\n' "$build_files" >"$folder/build-files.txt"
}

# Builds "$2" (a target, or nothing for all) in folder "$1"; says so only where there is work.
bolo_build () {
  local log=$1/build.log
  if ninja -C "$1" -n ${2:+"$2"} 2>/dev/null | grep -q 'no work to do'; then
    return 0
  fi
  printf 'Building Bolo in %s …\n' "$1" >&2
  if ! ninja -C "$1" ${2:+"$2"} >"$log" 2>&1; then
    grep -v '^\[[0-9/]*\]' "$log" | tail -n 40 >&2
    bolo_fail "the build failed; its reason stands above, all of it in $log"
  fi
}
