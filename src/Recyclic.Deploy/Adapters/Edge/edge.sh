#!/bin/sh
# Starts HAProxy with what the volume says. The first start has no configuration yet: it waits for the agent to write one.
set -eu
state=/var/lib/recyclic
# A share that cannot be read is taken from the journal: what was committed last.
if [ "$(grep -cx 'share [0-9]\{1,3\}' "$state/share.map" 2>/dev/null)" != 1 ] || [ "$(wc -l < "$state/share.map")" != 1 ]; then
  case $(grep -a '"kind":"Commit"' "$state/journal.jsonl" 2>/dev/null | tail -n 1) in
    *'"slot":"Green"'*) echo 'share 100' ;;
    *) echo 'share 0' ;;
  esac > "$state/share.map"
fi
rm -f "$state/admin.sock" "$state/master.sock" "$state/servers.state" # addresses of before are others' by now
# Memory that a buffer had is kept for the next one; given back and fetched each time, it costs a tenth of all requests.
export MALLOC_TRIM_THRESHOLD_=67108864 MALLOC_MMAP_THRESHOLD_=1048576 MALLOC_TOP_PAD_=4194304
cp /usr/local/share/recyclic/hold.lua "$state/hold.lua"
: > "$state/hold.map" # who waited is gone
exec haproxy -W -db -f "$state/haproxy.cfg" -S "$state/master.sock,mode,600"
