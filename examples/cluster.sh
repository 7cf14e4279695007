#!/usr/bin/env bash
# Starts a cluster of three nodes on this machine, building it first when that is needed. Options go
# to `limpet cluster`: try --help. Ctrl-C stops all nodes.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
jar="$root/cluster/target/limpet.jar"

sources_newer_than_jar() {
  find "$root/pom.xml" "$root"/{broker-core,session-store,lb-frontend,cluster}/{pom.xml,src/main} \
    -type f -newer "$jar" -print -quit
}

if [ ! -f "$jar" ] || [ -n "$(sources_newer_than_jar)" ]; then
  echo "building cluster/target/limpet.jar ..." >&2
  mvn -q -f "$root/pom.xml" -pl cluster -am -DskipTests package >&2
fi

if [ $# -eq 0 ]; then
  cat >&2 <<'HINT'
once the cluster is ready, try in other terminals:
  mosquitto_sub -p 1885 -t 't/#' -q 1
  mosquitto_pub -p 1883 -t t/x -m hello -q 1
  mosquitto_sub -p 1884 -c -i s1 -t 't/#' -q 1    # stop it, publish, start it again
HINT
fi
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xms16m -Xmx64m -XX:+UseSerialGC -jar "$jar" cluster "$@"
