#!/bin/sh
# Serves as front, api or worker, or migrates, whichever the first argument names. A version may have a flaw.
[ "$1 $SELFTEST_FLAW" = 'worker worker-exits' ] && { echo 'this version of the worker exits at once'; exit 3; }
[ "$1" = migrate ] && { echo "migrating to $SELFTEST_VERSION"; echo "$SELFTEST_VERSION" >>/notes/migrated; exit; }
touch /tmp/started
[ "$1" = front ] || set -- api
# As the first process of a container HAProxy ends on SIGTERM only with its master (-W).
set -- haproxy -W -db -f "/etc/site/$1.cfg"
# One process may have a volume: a second one ends at once.
grep -q ' /notes ' /proc/mounts && set -- flock --nonblock --no-fork /notes/lock "$@"
exec "$@"
