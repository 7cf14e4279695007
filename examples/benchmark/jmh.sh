#!/usr/bin/env bash
# Runs the JMH benchmarks of single parts; arguments go to JMH:
#   jmh.sh -l                          lists them
#   jmh.sh TopicTree                   a million subscriptions
#   jmh.sh Retained -p store=heap      a million retained messages, on the heap only
#   jmh.sh stalls 1000000 15           slowest single operations on that many subscriptions, for 15 s
#   jmh.sh Codec -prof gc              with bytes allocated for each call
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
classpath="$(mktemp)"
trap 'rm -f "$classpath"' EXIT
mvn -q -f "$root/pom.xml" -pl examples -am test-compile \
  org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
  -Dmdep.outputFile="$classpath" >&2
main=org.openjdk.jmh.Main
if [ "${1:-}" = stalls ]; then
  main=dev.limpet.examples.jmh.SubscribeStalls
  shift
fi
"${JAVA_HOME:+$JAVA_HOME/bin/}java" ${JVM_OPTIONS:--Xmx3g} -cp "$root/examples/target/test-classes:$(cat "$classpath")" \
  "$main" "$@"
