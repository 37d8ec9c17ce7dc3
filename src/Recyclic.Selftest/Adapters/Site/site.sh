#!/bin/sh
# Serves as front, api or worker, whichever the first argument names. A version may have a flaw.
[ "$1 $SELFTEST_FLAW" = 'worker worker-exits' ] && { echo 'this version of the worker exits at once'; exit 3; }
touch /tmp/started
[ "$1" = front ] || set -- api
# As the first process of a container HAProxy ends on SIGTERM only with its master (-W).
exec haproxy -W -db -f "/etc/site/$1.cfg"
