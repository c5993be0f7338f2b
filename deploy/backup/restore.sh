#!/bin/sh
# restore.sh BASE LOG_FOLDER NEW_CLUSTER [TIME]: a new cluster as the old one was at TIME (UTC, '2026-11-21 10:30:00'),
# or with everything that was archived. Start it afterwards; it replays, stops at TIME and opens for writing.
set -eu
base=$1 log=$2 new=$3 time=${4:-}
[ -e "$new/PG_VERSION" ] && { echo "restore.sh: $new is not empty" >&2; exit 1; }
mkdir -p "$new"
cp -a "$base/." "$new/"
chmod 700 "$new"
rm -f "$new/postmaster.pid"
{
    echo "restore_command = 'cp \"$log/%f\" \"%p\"'"
    [ -n "$time" ] && echo "recovery_target_time = '$time+00'"
    [ -n "$time" ] && echo "recovery_target_action = 'promote'"
    # A restored cluster must not write into the archive of the one it came from.
    echo "archive_mode = off"
} >> "$new/postgresql.auto.conf"
touch "$new/recovery.signal"
echo "ready: start the cluster in $new"
