#!/bin/sh
# Installs what the tests need and pip cannot give, where it may: root on a system with apt-get. Never fails the run:
# where it may not, it says what is missing, and the tests that need it are skipped.
set -u

missing=""
note() { missing="$missing $1"; }
command -v tesseract >/dev/null 2>&1 || note tesseract-ocr
for pair in fas:fas ara:ara eng:eng; do
  lang=${pair%%:*}
  tesseract --list-langs 2>/dev/null | grep -qx "$lang" || note "tesseract-ocr-$lang"
done
command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || note chromium
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || note postgresql
has_font() { fc-list ":family=$1" 2>/dev/null | grep -q .; }
has_font "Noto Naskh Arabic" || note fonts-noto-core
has_font "DejaVu Sans" || note fonts-dejavu-core
has_font "Amiri" || note fonts-hosny-amiri
has_font "Nazli" || note fonts-farsiweb
has_font "KacstOne" || note fonts-kacst-one
has_font "KacstPoster" || note fonts-kacst
has_font "Liberation Serif" || note fonts-liberation
ls /usr/lib/*/libfribidi.so.0 >/dev/null 2>&1 || note libfribidi0

[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing for the tests:$missing"
  export DEBIAN_FRONTEND=noninteractive
  # One after the other: a package that this release does not have must not keep the others away.
  apt-get update -qq >/dev/null 2>&1 || true
  for package in fontconfig $missing; do
    apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 || echo "MISSING: $package could not be installed; tests that need it are skipped."
  done
else
  echo "MISSING, and only root on Debian can install it here:$missing. Tests that need it are skipped."
fi
exit 0
