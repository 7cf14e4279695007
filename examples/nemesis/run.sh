#!/usr/bin/env bash
# Harms a cluster and checks what its clients saw: see README.md, or --help.
# Everything lives in namespaces of its own (network, mounts, processes), which end with this script.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
target="$root/examples/target"

sources_newer_than_classpath() {
  find "$root"/pom.xml "$root"/*/pom.xml "$root"/*/src/main -type f \
    -newer "$target/nemesis.classpath" -print -quit
}

build() {
  echo "building ..." >&2
  mvn -q -ntp -f "$root/pom.xml" -pl examples -am -DskipTests package >&2
}

if [ ! -f "$target/nemesis.classpath" ] || [ -n "$(sources_newer_than_classpath)" ]; then
  build
fi

# A name space of mounts, so that /run is ours; of processes, so that none outlives us.
unshare=(unshare --net --mount --pid --fork --kill-child --mount-proc)
[ "$(id -u)" -eq 0 ] || unshare+=(--map-root-user)

exec "${unshare[@]}" bash -c 'mount -t tmpfs tmpfs /run && mkdir /run/netns && exec "$@"' nemesis \
  "$java" -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData \
  -Dlogback.configurationFile="$root/examples/nemesis/logback.xml" \
  -cp "$target/classes:$(cat "$target/nemesis.classpath")" \
  dev.limpet.examples.nemesis.Nemesis \
  --commands "$root/examples/nemesis/limpet.properties" --out "$target/nemesis" \
  --set "java=$java" --set "jar=$root/cluster/target/limpet.jar" --set "here=$root/examples/nemesis" \
  --set heap=192m --set options= "$@"
