#!/bin/sh
# Writes .env from .env.example, with a fresh secret for each empty value. An .env that is there stays as it is.
set -eu
cd "$(dirname "$0")/../.."
if [ -e .env ]; then
  echo ".env is there already; it was not touched." >&2
  exit 1
fi
umask 077
# Renamed when it is complete, so that a run that failed half-way does not leave an .env behind.
while IFS= read -r line; do
  case $line in
  [A-Z]*=)
    secret=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
    printf '%s%s\n' "$line" "$secret"
    ;;
  *) printf '%s\n' "$line" ;;
  esac
done <.env.example >.env.part
mv .env.part .env
echo ".env was written. Only you can read it; keep a copy in a safe place."
