#!/usr/bin/env bash
# Starts a cluster of three nodes on this machine, building it first when that is needed. Options go
# to `limpet cluster`: try --help. Ctrl-C stops all nodes.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
jar="$root/cluster/target/limpet.jar"
archive="$root/cluster/target/limpet.jsa"
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"

sources_newer_than_jar() {
  find "$root/pom.xml" "$root"/{broker-core,session-store,lb-frontend,cluster}/{pom.xml,src/main} \
    -type f -newer "$jar" -print -quit
}

# Of what Maven says: each module, each step and what goes wrong, with the seconds since it began.
show_progress() {
  local line begun=$SECONDS
  while IFS= read -r line; do
    case "$line" in
      *"Building jar:"*) ;;
      *"Building "* | *"--- "* | *Downloading* | *"BUILD "* | *ERROR*)
        printf '%4ds %s\n' "$((SECONDS - begun))" "${line#\[INFO\] }" >&2
        ;;
    esac
  done
}

build() {
  echo "building cluster/target/limpet.jar ..." >&2
  mvn -B -f "$root/pom.xml" -pl cluster -am -DskipTests package 2>&1 | show_progress
}

# It only makes the start quicker, so the nodes start without it, too.
make_archive() {
  echo "making cluster/target/limpet.jsa, once, so that nodes start sooner ..." >&2
  "$java" -XX:TieredStopAtLevel=1 -jar "$jar" archive >&2 \
    || echo "the nodes start without it" >&2
}

if [ ! -f "$jar" ] || [ -n "$(sources_newer_than_jar)" ]; then
  build
fi
if [ -w "$(dirname "$archive")" ] && [ ! "$archive" -nt "$jar" ]; then
  make_archive
fi

if [ $# -eq 0 ]; then
  cat >&2 <<'HINT'
once the cluster is ready, try in other terminals:
  mosquitto_sub -p 1885 -t 't/#' -q 1
  mosquitto_pub -p 1883 -t t/x -m hello -q 1
  mosquitto_sub -p 1884 -c -i s1 -t 't/#' -q 1    # stop it, publish, start it again
HINT
fi
exec "$java" -Xms16m -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar "$jar" cluster "$@"
