#!/bin/sh
# archive_command of PostgreSQL: archive.sh PATH NAME FOLDER. One finished piece of the log, durably in its place or not at all.
set -eu
from=$1 name=$2 folder=$3
target=$folder/$name
if [ -e "$target" ]; then
    cmp -s "$from" "$target" && exit 0 # the server asks again after a crash
    echo "archive.sh: $target exists and differs" >&2
    exit 1
fi
mkdir -p "$folder"
cp "$from" "$target.part"
sync "$target.part"
mv "$target.part" "$target"
sync "$folder"
