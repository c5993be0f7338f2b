#!/bin/sh
# upgrade.sh a|b: the release in /srv/exam/a (or b) takes over from the other one, while exams run. As root.
# The database must already be in the new form (`flask db upgrade` from the new release; see docs/operations.md).
# Going back is the same command with the other letter.
set -eu
new=$1
case $new in a) old=b ;; b) old=a ;; *) echo "usage: upgrade.sh a|b" >&2; exit 2 ;; esac

ready() { # SOCKET: until the release answers and reaches its database
    for _ in $(seq 120); do
        curl -sf --max-time 3 --unix-socket "$1" http://localhost/readyz >/dev/null && return 0
        sleep 0.5
    done
    echo "upgrade.sh: $1 does not answer; nothing was switched" >&2
    exit 1
}
point() { # LINK TARGET: in one step, so that there is no moment without
    ln -sfn "$2" "$1.new"
    mv -T "$1.new" "$1"
}

systemctl start "exam-web@$new" "exam-desk@$new"
ready "/run/exam/web-$new.sock"
ready "/run/exam/desk-$new.sock"
point /run/exam/web.sock "web-$new.sock"
point /run/exam/desk.sock "desk-$new.sock"
point /srv/exam/current "$new"
systemctl start "exam-worker@$new"
systemctl enable --quiet "exam-web@$new" "exam-desk@$new" "exam-worker@$new"
# The old ones finish what they have; who is connected to them is told to come again.
systemctl stop "exam-web@$old" "exam-desk@$old" "exam-worker@$old"
systemctl disable --quiet "exam-web@$old" "exam-desk@$old" "exam-worker@$old"
echo "release $new serves"
