#!/bin/sh
# Puts a copy of the database in the place of the present one, which is kept beside it. Stop the service first.
# usage: restore.sh FILE DATA_FOLDER
# environment: NODE, the Node.js to use
set -eu

file=${1:?usage: restore.sh FILE DATA_FOLDER}
data=${2:?usage: restore.sh FILE DATA_FOLDER}
node=${NODE:-node}
here=$(cd "$(dirname "$0")" && pwd)

umask 077
mkdir -p "$data"
"$node" "$here/check.mjs" "$file" "$data"

cp "$file" "$data/watch.sqlite.part"
sync "$data/watch.sqlite.part"
if [ "$(id -u)" = 0 ]; then
  chown --reference="$data" "$data/watch.sqlite.part" "$data/owner.lock"
fi

# The write-ahead log belongs to the old database; beside the new one it would damage it.
kept="$data/before-restore-$(date -u +%Y%m%dT%H%M%SZ).sqlite"
for end in "" -wal -shm; do
  if [ -e "$data/watch.sqlite$end" ]; then
    mv "$data/watch.sqlite$end" "$kept$end"
  fi
done
mv "$data/watch.sqlite.part" "$data/watch.sqlite"
echo "$file is in place; start the service."
if [ -e "$kept" ]; then
  echo "What was there before is kept as $kept."
fi
