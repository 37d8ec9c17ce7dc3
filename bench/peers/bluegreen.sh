#!/usr/bin/env bash
# Blue-green by hand, as a careful team would write it: start the idle colour, poll its health, switch all services by
# HAProxy's runtime API, wait for the old colour's open requests, stop it.
#
#   bluegreen.sh setup | deploy TAG | teardown
#
# POLL_SECONDS between looks at the health (1), HEALTH_TIMEOUT seconds (120), DRAIN_TIMEOUT seconds (30).
# What it does not have: a lock, an undo when it is killed, a way back without booting again.
set -euo pipefail

readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly project=bench-bash services=(api frontend bot) runtime_port=29999
readonly poll_seconds=${POLL_SECONDS:-1} health_timeout=${HEALTH_TIMEOUT:-120} drain_timeout=${DRAIN_TIMEOUT:-30}

colour_compose() { local colour=$1; shift; docker compose --progress quiet -p "$project-$colour" -f "$here/bluegreen/compose.yml" "$@"; }

# One command to HAProxy's runtime API; what it answers on standard output.
runtime() {
    local socket
    exec {socket}<>"/dev/tcp/127.0.0.1/$runtime_port"
    printf '%s\n' "$1" >&"$socket"
    cat <&"$socket"
    exec {socket}>&-
}

# The colour that gets requests; nothing before the first deploy. HAProxy's admin state is a set of bits: 4 only says
# that the configuration file has the server disabled.
serving_colour() { runtime "show servers state api" | awk '$2 == "api" && ($7 == 0 || $7 == 4) { print $4 }'; }

await_healthy() {
    local colour=$1 deadline=$((SECONDS + health_timeout)) states
    while ((SECONDS < deadline)); do
        states=$(colour_compose "$colour" ps -q | xargs docker inspect --format '{{.State.Health.Status}}' | sort -u)
        [[ $states == healthy ]] && return 0
        [[ $states == *unhealthy* ]] && break
        sleep "$poll_seconds"
    done
    echo "$colour did not become healthy" >&2
    return 1
}

open_requests() { runtime "show stat" | awk -F, -v colour="$1" '$2 == colour { sum += $5 } END { print sum + 0 }'; }

await_drained() {
    local colour=$1 deadline=$((SECONDS + drain_timeout))
    while ((SECONDS < deadline)) && (($(open_requests "$colour") > 0)); do sleep 0.1; done
}

switch_to() {
    local new=$1 old=$2 service address commands=
    for service in "${services[@]}"; do
        address=$(docker inspect --format '{{(index .NetworkSettings.Networks "bench-bash-edge").IPAddress}}' "$(TAG=x colour_compose "$new" ps -q "$service")")
        commands+="set server $service/$new addr $address port 8080; set server $service/$new state ready; "
    done
    for service in "${services[@]}"; do commands+="set server $service/$old state drain; "; done
    runtime "$commands" >/dev/null
}

deploy() {
    local tag=$1 old=green new=blue
    if [[ $(serving_colour) == blue ]]; then old=blue new=green; fi
    export TAG=$tag
    colour_compose "$new" up -d
    if ! await_healthy "$new"; then
        colour_compose "$new" down
        return 1
    fi
    switch_to "$new" "$old"
    await_drained "$old"
    colour_compose "$old" down 2>/dev/null
}

setup() {
    docker network create bench-bash-edge >/dev/null
    docker run -d --name bench-bash-haproxy --network bench-bash-edge \
        -p 28000:8000 -p 24444:4444 -p 28001:8001 -p "127.0.0.1:$runtime_port:9999" \
        recyclicbench/haproxy /etc/haproxy/bluegreen.cfg >/dev/null
    for _ in {1..50}; do [[ $(runtime "show info" 2>/dev/null) ]] && return 0; sleep 0.1; done
    echo "HAProxy does not answer" >&2
    return 1
}

teardown() {
    export TAG=x
    colour_compose blue down 2>/dev/null
    colour_compose green down 2>/dev/null
    docker rm -f bench-bash-haproxy >/dev/null
    docker network rm bench-bash-edge >/dev/null
}

case ${1:-} in
    setup) setup ;;
    deploy) deploy "${2:?a tag}" ;;
    teardown) teardown ;;
    *) echo "usage: $0 setup | deploy TAG | teardown" >&2; exit 2 ;;
esac
