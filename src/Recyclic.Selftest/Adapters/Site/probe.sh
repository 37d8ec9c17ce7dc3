#!/bin/sh
# The health check. The flaw 'sickens' shows when the container has been up for some seconds.
[ "$SELFTEST_FLAW" = unhealthy ] && { echo 'this version is never healthy'; exit 1; }
if [ "$SELFTEST_FLAW" = sickens ] && [ "$1" = api ] && [ $(($(date +%s) - $(stat -c %Y /tmp/started))) -ge 6 ]; then
  echo 'this version turns unhealthy after a while'
  exit 1
fi
printf 'GET /health HTTP/1.0\r\n\r\n' | socat -t 2 -T 2 - TCP:127.0.0.1:8080 | grep -q '^HTTP/1.[01] 200'
