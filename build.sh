#!/usr/bin/env bash
# Runs the build project; publishes it first when its inputs have changed.
set -euo pipefail

# What whoever starts us has closed: the next file that the build opens would take its place, and be read or written as it.
[ -e /dev/fd/0 ] || exec </dev/null
[ -e /dev/fd/1 ] || exec >/dev/null
# In the place of standard error bash may have opened this very script.
if [ ! -e /dev/fd/2 ] || [ /dev/fd/2 -ef "${BASH_SOURCE[0]}" ]; then exec 2>/dev/null; fi

script="${BASH_SOURCE[0]}"
while [ -L "$script" ]; do
  link="$(readlink "$script")"
  case "$link" in /*) script="$link" ;; *) script="${script%/*}/$link" ;; esac
done
case "$script" in */*) script_directory="${script%/*}" ;; *) script_directory=. ;; esac
root="$(CDPATH='' cd -- "${script_directory:-/}" && pwd -P)"
cache="$root/.nuke/temp/build"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

find_sdk() {
  if command -v dotnet >/dev/null; then dotnet=dotnet
  elif [ -n "${DOTNET_ROOT:-}" ] && [ -x "$DOTNET_ROOT/dotnet" ]; then dotnet="$DOTNET_ROOT/dotnet"
  elif [ -x "$HOME/.dotnet/dotnet" ]; then dotnet="$HOME/.dotnet/dotnet"; export DOTNET_ROOT="$HOME/.dotnet"
  else
    cat >&2 <<'MESSAGE'
error: the .NET SDK was not found: not on PATH, not in $DOTNET_ROOT, not in ~/.dotnet.
Get version 10 from https://dotnet.microsoft.com/download, or run
  curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0
and try again.
MESSAGE
    exit 2
  fi
}

# What decides how the build project comes out, relative to the root.
find_inputs() {
  local inputs=(build) file
  # src is an input of a build that refers to projects there, not of one beside whose directory there is an application.
  for file in "$root"/build/*.csproj "$root"/build/*.props "$root"/build/*.targets; do
    if [ -d "$root/src" ] && [ -f "$file" ] && [[ "$(<"$file")" == *..[/\\]src[/\\]* ]]; then inputs+=(src); break; fi
  done
  for file in "$root"/Directory.*.props "$root"/global.json "$root"/[Nn]u[Gg]et.[Cc]onfig "$root/build.sh"; do
    if [ -e "$file" ]; then inputs+=("${file##*/}"); fi
  done
  (cd -- "$root" && find "${inputs[@]}" \( -name bin -o -name obj \) -prune -o -type f "$@")
}

# Lists every input, and once more those changed since the reference file: a new, deleted or changed file changes the list.
# The time of change (-cnewer) also notices a file that was moved into place with an old modification time.
list_inputs() { find_inputs -print -cnewer "$1" -print; }

# What is started: the build project's program, whatever its name is.
find_entry() {
  entry="$current/build.dll"
  if [ -f "$entry" ]; then return; fi
  for entry in "$current"/*.runtimeconfig.json; do
    entry="${entry%.runtimeconfig.json}.dll"
    if [ -f "$entry" ]; then return; fi
  done
  return 1
}

is_up_to_date() {
  [ -f "$cache/current" ] || return 1
  current="$cache/$(<"$cache/current")"
  find_entry && [ -f "$current.inputs" ] && [ "$(list_inputs "$current.inputs")" = "$(<"$current.inputs")" ]
}

# The content of files whose names come in, each ended by a zero byte.
hash_files() (
  cd -- "$root"
  LC_ALL=C sort -z | if command -v sha256sum >/dev/null; then xargs -0 sha256sum; else xargs -0 shasum -a 256; fi
)

hash_inputs() { uname -sm && find_inputs -print0 | hash_files; }

hash_publish() { (cd -- "$root" && find ".nuke/temp/build/$1" -type f -print0) | hash_files; }

# A publish of the very same content holds, whatever the times of change say: the repository is a fresh clone and the publish
# was brought here by another job, or another branch was checked out and left again.
find_same() {
  local content record name
  for record in "$cache"/*.content; do [ -f "$record" ] && break; done
  [ -f "$record" ] || return 1
  touch "$cache/reference"
  # Listed before they are read, so that a file changed meanwhile counts as changed afterwards.
  list_inputs "$cache/reference" >"$cache/listed"
  content="$(hash_inputs 2>/dev/null)" || content=none
  for record in "$cache"/*.content; do
    name="${record##*/}"
    name="${name%.content}"
    if [[ "$(<"$record")" == "$content"$'\n'* ]] && [ "$(<"$record")" = "$content"$'\n'"$(hash_publish "$name" 2>/dev/null)" ]; then
      touch -r "$cache/reference" "$cache/listed"
      mv -f "$cache/listed" "$cache/$name.inputs"
      make_current "$name"
      rm -f "$cache/reference"
      return 0
    fi
  done
  rm -f "$cache/reference" "$cache/listed"
  return 1
}

make_current() {
  echo "$1" >"$cache/$1.current"
  mv -f "$cache/$1.current" "$cache/current"
  current="$cache/$1"
}

# One compiler for all projects, started once, takes a third less time than one for each; it ends with the publish.
publish() {
  (
    cd -- "$root"
    trap stop_compiler EXIT
    # A signal to the group has ended the compiler already.
    trap 'trap - EXIT; exit 143' TERM
    # Profiling the compiler to optimise it pays off only in longer runs.
    export DOTNET_TieredPGO=0
    "$dotnet" publish build/_build.csproj -c Release -o "$1" --artifacts-path "$root/.nuke/temp/artifacts" --nologo -v:quiet -clp:NoSummary \
      -nodeReuse:false -p:UseSharedCompilation=true -p:SharedCompilationId="$compiler" -p:RunAnalyzers=false -p:GenerateDocumentationFile=false "${@:2}"
  ) </dev/null 9>&-
}

stop_compiler() {
  local sdk
  sdk="$(DOTNET_CLI_UI_LANGUAGE=en "$dotnet" --info | sed -n 's/^ *Base Path: *//p')" || return 0
  "$dotnet" "${sdk%/}/Roslyn/bincore/VBCSCompiler.dll" "-pipename:$compiler" -shutdown >/dev/null 2>&1 || true
  # One that Ctrl-C has ended leaves its socket.
  rm -f "/tmp/$compiler"
}

# A publish goes to a directory of its own and becomes the current one only when it has succeeded; earlier ones stay for
# a while, because a build that runs may still load from there.
publish_new() {
  local name new log content
  name="$(date +%Y%m%d%H%M%S)-$$"
  new="$cache/$name"
  log="$new.log"
  publisher=
  trap 'interrupted 130' INT
  trap 'interrupted 143' TERM
  trap 'interrupted 129' HUP
  touch "$new.reference"
  # Listed before the build starts, so that a file changed meanwhile counts as changed afterwards.
  list_inputs "$new.reference" >"$new.inputs"
  touch -r "$new.reference" "$new.inputs"
  content="$(hash_inputs 2>/dev/null)" || content=
  echo "Building the build project first, because it is new or has changed; this takes about a minute." >&2
  if ! publish_aside; then
    if ! grep -qiE 'crossgen|NETSDK1094|NETSDK1112|NU110[0-3]' "$log" || ! publish_aside -p:PublishReadyToRun=false; then
      cat "$log" >&2
      abandon
      echo "error: the build project does not build" >&2
      exit 1
    fi
  fi
  trap - INT TERM HUP
  accept_lock_files
  rm -f "$new.reference" "$log"
  if [ -n "$content" ]; then (echo "$content" && hash_publish "$name") >"$new.content" 2>/dev/null || rm -f "$new.content"; fi
  make_current "$name"
  remove_old "$name"
}

# The first publish leaves lock files of packages among its inputs. Where nothing else has come or changed meanwhile, they are its own.
accept_lock_files() {
  local now
  now="$(list_inputs "$new.reference")"
  if [ "$now" = "$(<"$new.inputs")" ] || [ "$(grep -v 'packages\.lock\.json$' <<<"$now")" != "$(<"$new.inputs")" ]; then return; fi
  echo "$now" >"$new.inputs"
  touch -r "$new.reference" "$new.inputs"
  content="$(hash_inputs 2>/dev/null)" || content=
}

# In a group of its own: a shell hears a signal only between programs or in a wait, and all that a publish has started has to end.
publish_aside() {
  compiler="recyclic-$$-$RANDOM"
  set -m
  publish "$new" "$@" >"$log" 2>&1 &
  publisher=$!
  set +m
  wait "$publisher"
}

# A second signal does not wait for the compiler to end well.
interrupted() {
  trap 'kill -s KILL -- "-$publisher"; exit '"$1" INT TERM HUP
  if [ -n "$publisher" ]; then
    kill -s TERM -- "-$publisher" || true
    for _ in {1..50}; do
      kill -s 0 -- "-$publisher" || break
      sleep 0.1
    done
    kill -s KILL -- "-$publisher" || true
    rm -f "/tmp/$compiler"
  fi 2>/dev/null
  abandon
  echo "Cancelled while the build project was being built; nothing was run." >&2 2>/dev/null || true
  exit "$1"
}

abandon() { rm -rf "$new" "$new.reference" "$new.inputs" "$new.content" "$log"; }

remove_old() {
  local old
  for old in $(cd -- "$cache" && ls -1dt -- *-*.inputs 2>/dev/null | tail -n +5); do
    if [ "$old" != "$1.inputs" ]; then rm -rf -- "${cache:?}/$old" "${cache:?}/${old%.inputs}" "${cache:?}/${old%.inputs}.content"; fi
  done
}

# Completion answers while somebody types: it asks the build that is there, up to date or not, and never makes one.
complete_line() {
  [ -f "$cache/current" ] || exit 1
  current="$cache/$(<"$cache/current")"
  find_entry || exit 1
  exec "$dotnet" "$entry" "$@"
}

find_sdk
if [ "${1:-}" = :complete ]; then complete_line "$@"; fi
if ! is_up_to_date; then
  mkdir -p "$cache"
  if command -v flock >/dev/null; then
    exec 9>"$cache/lock"
    if ! flock -w 600 9; then
      echo "error: another start has been building the build project for 10 minutes; end it, or see what holds $cache/lock" >&2
      exit 1
    fi
  fi
  if ! is_up_to_date && ! find_same; then publish_new; fi
  exec 9>&-
fi

find_entry || { echo "error: build/_build.csproj makes no program: it needs <OutputType>Exe</OutputType>" >&2; exit 1; }
exec "$dotnet" "$entry" "$@"
