#!/bin/sh
# base.sh FOLDER [KEEP]: a checked base backup in FOLDER/base-TIME; keeps the newest KEEP (7) and the log they need.
# Which server: PGHOST, PGPORT, PGUSER as usual. PGBIN names the folder of PostgreSQL's programs if they are not found.
set -eu
folder=$1 keep=${2:-7}
[ -n "${PGBIN:-}" ] && PATH=$PGBIN:$PATH
PATH=$PATH:$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
name=base-$(date -u +%Y%m%dT%H%M%SZ)
umask 027
mkdir -p "$folder/wal"
trap 'rm -rf "$folder/$name.part"' EXIT
pg_basebackup --pgdata="$folder/$name.part" --checkpoint=fast --wal-method=stream --no-password
pg_verifybackup --quiet "$folder/$name.part"
mv "$folder/$name.part" "$folder/$name"
sync "$folder"
touch "$folder/last-base-backup"
chmod 644 "$folder/last-base-backup"

ls -d "$folder"/base-*Z | sort | head -n -"$keep" | xargs -r rm -rf
oldest=$(ls -d "$folder"/base-*Z | sort | head -n 1)
first=$(sed -n 's/^START WAL LOCATION.*file \([0-9A-F]*\)).*/\1/p' "$oldest/backup_label")
[ -n "$first" ] && pg_archivecleanup "$folder/wal" "$first"
echo "$folder/$name"
