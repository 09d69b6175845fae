#!/bin/sh
# Copies the database into FOLDER, also while the service runs, reads the copy through, and then removes all copies
# but the newest KEEP (14 when not given).
# usage: backup.sh FOLDER [KEEP]
# environment: CONFIG, the configuration file (config/watch.yaml, if it is there); NODE, the Node.js to use
set -eu

folder=${1:?usage: backup.sh FOLDER [KEEP]}
keep=${2:-14}
case $keep in
0 | *[!0-9]*)
  echo "KEEP must be a whole number above 0." >&2
  exit 2
  ;;
esac
node=${NODE:-node}

umask 077
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
# Relative paths of the configuration refer to the folder of the program.
cd "$(dirname "$0")/../.."

# What a backup that was cut off has left is of no use, and as large as the database. A young one may be another's.
find "$folder" -maxdepth 1 -name 'watch-*.sqlite.part*' -mmin +720 -delete

file="$folder/watch-$(date -u +%Y%m%dT%H%M%SZ).sqlite"
# Without CONFIG the program looks for its configuration itself.
"$node" src/main.ts backup "$file" ${CONFIG:+--config "$CONFIG"}
"$node" config/backup/check.mjs "$file" || {
  status=$?
  # 1: it is no good copy; all else says nothing of it.
  [ "$status" -ne 1 ] || rm -f "$file"
  exit "$status"
}

# Only after a good copy: a backup that fails for weeks must not eat the old ones.
ls "$folder" | grep -E '^watch-[0-9]{8}T[0-9]{6}Z\.sqlite$' | sort -r | tail -n "+$((keep + 1))" |
  while read -r old; do
    rm "$folder/$old"
  done
