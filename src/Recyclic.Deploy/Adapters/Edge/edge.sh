#!/bin/sh
# Starts HAProxy with what the volume says. The first start has no configuration yet: it waits for the agent to write one.
set -eu
state=/var/lib/recyclic
[ -f "$state/share.map" ] || echo 'share 0' > "$state/share.map"
rm -f "$state/admin.sock" "$state/master.sock"
exec haproxy -W -db -f "$state/haproxy.cfg" -S "$state/master.sock,mode,600"
