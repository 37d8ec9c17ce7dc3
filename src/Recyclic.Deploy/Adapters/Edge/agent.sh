#!/bin/sh
# The lock holder's hand on the host. Reads one request a line on standard input, answers with any number of lines and then
# '= ok' or '= error'. It ends when standard input closes, and with it the lock (this container) is gone: only the process
# that holds the lock can change what is served or what is recorded.
#   read                    the host's time, generation, share, share file, which edge answers (its container's id), HAProxy's version, free disk, memory (KB in all, available, free swap; a limit around it in bytes), configuration hash, the hash
#                           of each door's and gate's configuration ('door NAME HASH'), each certificate ('certificate NAME WORD'), what HAProxy says of its servers ('stat …'), then the journal (its last 3000 records)
#   append RECORD           adds one journal record (one line of JSON) durably
#   commit EXPECTED RECORD  the same, but only when the generation is still EXPECTED; then the generation is one higher
#   keep WHOLE SHORT        of the journal only the records of these deploys (ids with commas between), of those in SHORT without
#                           their steps; what it was before is journal.before.jsonl until the next time
#   share N                 the green share: map file first (it survives a restart), then the running edge; reads it back
#   hold MS SHARE SERVICE=PATIENCE…  lets what comes for these services wait until the share is SHARE ('-': until the next hold),
#                           at most MS, each request at most PATIENCE, both milliseconds; answers 'held' where the running edge
#                           can; 'hold 0': nothing waits any more
#   configure HASH BASE64   validates an edge configuration and puts it in place
#   door NAME BASE64        puts the configuration of a service's door, or of a port's gate, in place
#   certificate NAME WORD BASE64   puts a certificate with its key in place, for the running edge too; WORD tells what it is
#   adopt NAME WORD ACCOUNT the same with one that was obtained: where it is, its key was made
#   challenges THUMBPRINT HOST…    authorities that ask for these hosts are answered by this account's thumbprint from now on
#   reload                  lets the running edge take over the configuration in place, without closing a connection
#   handover                what the running edge has found out, for the one that is about to be started in its place
#   return                  that one is not to be: the edge that it was to replace may start again
#   sessions                what HAProxy says of its servers, in all its processes: those that a reload or another edge replaced too
#   haproxy COMMANDS        HAProxy runtime commands, separated by ';'
#   say DEPLOY WORD BASE64  leaves a person's word for the holder of the lock, who runs that deploy; BASE64 says who it is
#   hear DEPLOY             'WORD BASE64' where a word was left for that deploy; it is then gone
#   ping                    nothing: says that the holder is still there
# A connection that was cut without a word leaves standard input open for hours; so a holder that has not asked anything for one
# to two minutes counts as gone.
set -u
umask 077
state=/var/lib/recyclic
keys=/var/lib/recyclic-keys # neither doors nor gates have it
challenges=$state/acme.map
map=$state/share.map
holds=$state/hold.map
newline='
'

replace() { # file: its new content comes on standard input; readers see the old content or the new, never a part
  cat > "$1.new" && sync "$1.new" && mv -f "$1.new" "$1" && sync "$(dirname "$1")"
}
runtime() { # HAProxy answers nothing on success; what it says otherwise is the error
  printf '%s\n' "$1" | socat -t 5 -T 5 - "UNIX-CONNECT:$state/admin.sock"
}
generation() { # a file that was spoilt counts as none
  count=$(cat "$state/generation" 2>/dev/null)
  case $count in ''|*[!0-9]*) echo 0 ;; *) echo "$count" ;; esac
}
append() { # a line that a crash cut short is ended first, so that it cannot take the next one with it
  if [ -s "$state/journal.jsonl" ] && [ -n "$(tail -c 1 "$state/journal.jsonl")" ]; then echo >> "$state/journal.jsonl"; fi
  printf '%s\n' "$1" >> "$state/journal.jsonl" && sync "$state/journal.jsonl"
}
do_keep() { # what was not written to its end, for a full disk, must not become the journal
  awk -v whole="${1%% *}" -v short="${1#* }" '
    BEGIN { n = split(whole, ids, ","); for (i = 1; i <= n; i++) all[ids[i]]; n = split(short, ids, ","); for (i = 1; i <= n; i++) some[ids[i]] }
    match($0, /"deploy":"[^"]*"/) {
      id = substr($0, RSTART + 10, RLENGTH - 11)
      if (id in all || id in some && $0 !~ /"kind":"(StepBegun|StepEnded|UndoBegun)"/) print
    }' "$state/journal.jsonl" > "$state/journal.kept" || return 1
  [ -s "$state/journal.kept" ] && [ "$(tail -n 1 "$state/journal.kept")" = "$(tail -n 1 "$state/journal.jsonl")" ] \
    && ln -f "$state/journal.jsonl" "$state/journal.before.jsonl" && replace "$state/journal.jsonl" < "$state/journal.kept"
  kept=$?
  rm -f "$state/journal.kept"
  return $kept
}
ask_master() { # socket, command
  printf '%s\n' "$2" | socat -t 5 -T 5 - "UNIX-CONNECT:$1" 2>/dev/null
}
running_share() { runtime "show map $map" 2>/dev/null | sed -n 's/.* share \([0-9]*\)$/\1/p'; }

do_read() {
  echo "now $(date +%s%3N)"
  echo "generation $(generation)"
  echo "running-share $(running_share)"
  echo "file-share $(sed -n 's/^share //p' "$map" 2>/dev/null)"
  echo "edge $(runtime 'show env HOSTNAME' 2>/dev/null | sed -n 's/^HOSTNAME=//p')"
  echo "haproxy $(runtime 'show info' 2>/dev/null | sed -n 's/^Version: //p')"
  echo "free-megabytes $(df -Pm "$state" | sed -n '2s/^[^ ]* *[0-9]* *[0-9]* *\([0-9]*\) .*/\1/p')"
  # The control group's limit is that of all around it too; the kernel says it in version 1 alone.
  echo "memory $(cat /proc/meminfo /sys/fs/cgroup/memory/memory.stat 2>/dev/null | awk '
    $1 == "MemTotal:" { t = $2 } $1 == "MemAvailable:" { a = $2 } $1 == "SwapFree:" { s = $2 } $1 == "hierarchical_memory_limit" { l = $2 }
    END { print t, a, s + 0, l }')"
  echo "configuration $(cat "$state/haproxy.cfg.hash" 2>/dev/null)"
  for door in "$state"/doors/*.cfg; do
    [ -f "$door" ] && echo "door $(basename "$door" .cfg) $(sed -n '1s/^# //p' "$door")"
  done
  for about in "$state"/tls/*.about; do
    name=$(basename "$about" .about)
    # Who only reads the records does not have the keys.
    [ -f "$about" ] && { [ -f "$keys/$name.pem" ] || [ ! -w "$state" ]; } && echo "certificate $name $(cat "$about")"
  done
  runtime 'show stat' 2>/dev/null | sed -n '/./s/^/stat /p'
  tail -n 3000 "$state/journal.jsonl" 2>/dev/null
  echo # a last line that was cut short must not swallow the answer's end
  return 0
}
do_commit() {
  expected=${1%% *}
  [ "$(generation)" = "$expected" ] || { echo "generation is $(generation), not $expected: another deploy has committed"; return 1; }
  append "${1#* }" && echo $((expected + 1)) | replace "$state/generation"
}
do_share() {
  # A full disk must not keep users from being moved back to where the file says they are.
  [ "$(cat "$map" 2>/dev/null)" = "share $1" ] || echo "share $1" | replace "$map" || return 1
  said=$(runtime "set map $map share $1") || return 1
  now=$(running_share)
  [ "$now" = "$1" ] || { echo "the edge says share is '$now' after it was set to $1 $said"; return 1; }
}
do_hold() {
  set -- $1
  until=$(($(date +%s%3N) + $1))
  # The new entries take the place of the old ones at one moment: nobody who waits is let go between them.
  version=$(runtime "prepare map $holds" | sed -n 's/^New version created: //p')
  [ -n "$version" ] || return 0 # an edge of before knows no such map
  commands=
  if [ $# -gt 1 ]; then
    commands="add map @$version $holds /share $2;"
    shift 2
    for held in "$@"; do
      commands="$commands add map @$version $holds ${held%%=*} $until; add map @$version $holds ${held%%=*}/patience ${held#*=};"
    done
  fi
  said=$(runtime "$commands commit map @$version $holds") || return 1
  case $said in *[!\ ]*) echo "$said"; return 1 ;; *) echo held ;; esac
}
do_door() {
  mkdir -p "$state/doors" && printf '%s' "${1#* }" | base64 -d > "$state/doors/candidate" || return 1
  haproxy -c -q -f "$state/doors/candidate" 2>&1 || return 1
  replace "$state/doors/${1%% *}.cfg" < "$state/doors/candidate"
}
do_certificate() {
  set -- $1
  pem=$(printf '%s' "$3" | base64 -d) && put_certificate "$1" "$2"
}
do_adopt() {
  set -- $1
  pem=$(cat "$keys/acme/$3/$1.pem") && put_certificate "$1" "$2" && rm -f "$keys/acme/$3/$1.pem"
}
put_certificate() { # NAME WORD, and $pem; the running edge first: what it refuses is not put in place
  file=$keys/$1.pem
  mkdir -p "$state/tls" || return 1
  # A blank line ends what is sent. A shell's printf is no program: the key is on no command line.
  if said=$(runtime "set ssl cert $file <<$newline$pem$newline" 2>/dev/null); then
    case $said in
      *'Transaction created'*|*'Transaction updated'*)
        said=$(runtime "commit ssl cert $file")
        case $said in *Success*) ;; *) runtime "abort ssl cert $file" > /dev/null; echo "$said"; return 1 ;; esac ;;
      *'not referenced'*) ;; # it has none of this name yet
      *) echo "the edge does not take the certificate: $said"; return 1 ;;
    esac
  fi
  printf '%s\n' "$pem" | replace "$file" && printf '%s' "$2" | replace "$state/tls/$1.about"
}
do_challenges() { # as with hold, the new entries take the place of the old ones at one moment
  account=${1%% *}
  for host in ${1#* }; do echo "$host $account"; done > "$challenges.now"
  awk 'NR == FNR { now[$1]; print; next } !($1 in now)' "$challenges.now" "$challenges" 2>/dev/null | replace "$challenges" && rm -f "$challenges.now"
  # A process that a reload has just begun may still be on its way.
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    version=$(runtime "prepare map $challenges" | sed -n 's/^New version created: //p')
    [ -n "$version" ] && break
    sleep 0.5
  done
  [ -n "$version" ] || { echo "the edge that runs has no certificate that is obtained: deploy first"; return 1; }
  commands=
  while read -r host account; do commands="$commands add map @$version $challenges $host $account;"; done < "$challenges"
  said=$(runtime "$commands commit map @$version $challenges") || return 1
  case $said in *[!\ ]*) echo "$said"; return 1 ;; esac
}
forget_certificates() { # what no configuration names: a key stays no longer than it is of use
  for pem in "$keys"/*.pem; do
    [ -f "$pem" ] && ! grep -qF " $pem " "$state/haproxy.cfg" && rm -f "$pem" "$state/tls/$(basename "$pem" .pem).about"
  done
  return 0
}
do_configure() {
  mkdir -p "$state/doors" || return 1
  printf '%s' "${1#* }" | base64 -d > "$state/haproxy.cfg.candidate" || return 1
  [ -f "$map" ] || echo 'share 0' | replace "$map"
  : > "$holds"
  [ -f "$challenges" ] || : > "$challenges"
  replace "$state/hold.lua" < /usr/local/share/recyclic/hold.lua || return 1
  haproxy -c -q -f "$state/haproxy.cfg.candidate" 2>&1 || return 1
  replace "$state/haproxy.cfg" < "$state/haproxy.cfg.candidate" && printf '%s' "${1%% *}" | replace "$state/haproxy.cfg.hash" && forget_certificates
}
keep_addresses() { # a new process begins with the addresses that the old one has found: until its first own answer it would have none
  runtime 'show servers state' | awk 'NR == FNR { if ($1 == "server-template") wanted[$NF]; next } FNR < 3 || ($18 ":" $19) in wanted' "$state/haproxy.cfg" - \
    | replace "$state/servers.state"
}
do_reload() {
  keep_addresses && printf 'reload\n' | socat -t 10 -T 10 - "UNIX-CONNECT:$state/edges/$(cat "$state/edge.now").sock"
}
do_handover() { # good for one start, soon, before the host is started again
  keep_addresses && replace "$state/edge.handover" < /proc/sys/kernel/random/boot_id
}
do_return() {
  rm -f "$state/edge.before" "$state/edge.handover" && sync "$state"
}
do_sessions() {
  asked=
  for master in "$state"/edges/*.sock; do
    workers=$(ask_master "$master" 'show proc' | awk '$2 == "worker" { print $1 }')
    [ -n "$workers" ] || { rm -f "$master"; continue; }
    for worker in $workers; do ask_master "$master" "@!$worker show stat" && asked=1; done
  done
  [ -n "$asked" ] || runtime 'show stat' # an edge of an earlier version
}

do_hear() {
  [ -f "$state/canary.word" ] || return 0
  said=$(cat "$state/canary.word") && rm -f "$state/canary.word"
  [ "${said%% *}" = "$1" ] && printf '%s\n' "${said#* }"
  return 0
}

# Only the process that the container lives by: one that was started beside the edge ends with its caller.
alive=/tmp/recyclic-agent.alive
if [ $$ = 1 ]; then
  trap 'exit 1' TERM
  : > "$alive"
  (while sleep 60 && [ -e "$alive" ]; do rm -f "$alive"; done; kill -TERM 1) < /dev/null > /dev/null 2>&1 &
fi

echo '= ready'
while IFS= read -r request; do
  if [ $$ = 1 ]; then : > "$alive"; fi
  rest=${request#* }
  case ${request%% *} in
    read) do_read ;;
    append) append "$rest" ;;
    commit) do_commit "$rest" ;;
    keep) do_keep "$rest" ;;
    share) do_share "$rest" ;;
    hold) do_hold "$rest" ;;
    configure) do_configure "$rest" ;;
    door) do_door "$rest" ;;
    certificate) do_certificate "$rest" ;;
    adopt) do_adopt "$rest" ;;
    challenges) do_challenges "$rest" ;;
    reload) do_reload ;;
    handover) do_handover ;;
    return) do_return ;;
    sessions) do_sessions ;;
    haproxy) runtime "$rest" ;;
    say) printf '%s\n' "$rest" | replace "$state/canary.word" ;;
    hear) do_hear "$rest" ;;
    ping) ;;
    *) echo "unknown request ${request%% *}"; false ;;
  esac 2>&1 && echo '= ok' || echo '= error'
done
