#!/bin/sh
# Starts HAProxy with what the volume says, in the place of the edges that its arguments name, if there are any. The first start has no configuration yet: it waits for the agent to write one.
set -eu
umask 077
state=/var/lib/recyclic
# A share that cannot be read is taken from the journal: what was committed last.
if [ "$(grep -cx 'share [0-9]\{1,3\}' "$state/share.map" 2>/dev/null)" != 1 ] || [ "$(wc -l < "$state/share.map")" != 1 ]; then
  case $(grep -a '"kind":"Commit"' "$state/journal.jsonl" 2>/dev/null | tail -n 1) in
    *'"slot":"Green"'*) echo 'share 100' ;;
    *) echo 'share 0' ;;
  esac > "$state/share.map"
fi
# One that another edge has taken the place of does not come back with its host: it would take the sockets away from that one.
me=$(cat /etc/hostname)
if grep -qx "$me" "$state/edge.before" 2>/dev/null; then
  trap 'exit 0' USR1 TERM
  sleep infinity &
  wait
fi
if [ $# -gt 0 ]; then printf '%s\n' "$@" > "$state/edge.before.new" && mv -f "$state/edge.before.new" "$state/edge.before"; fi
# Addresses of before are others' by now, but for those that an edge at work has just left for this one.
[ -n "$(find "$state/edge.handover" -newermt '60 seconds ago' 2>/dev/null)" ] \
  && [ "$(cat "$state/edge.handover")" = "$(cat /proc/sys/kernel/random/boot_id)" ] || rm -f "$state/servers.state"
rm -f "$state/edge.handover"
mkdir -p "$state/edges" "$state/doors"
printf '%s' "$me" > "$state/edge.now"
# Memory that a buffer had is kept for the next one; given back and fetched each time, it costs a tenth of all requests.
export MALLOC_TRIM_THRESHOLD_=67108864 MALLOC_MMAP_THRESHOLD_=1048576 MALLOC_TOP_PAD_=4194304
cp /usr/local/share/recyclic/hold.lua "$state/hold.lua"
: > "$state/hold.map" # who waited is gone
exec haproxy -W -db -f "$state/haproxy.cfg" -S "$state/edges/$me.sock,mode,600"
