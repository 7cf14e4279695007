#!/usr/bin/env bash
# Installs Limpet and builds the projects here against it, each with another MQTT client:
# run.sh [LOCAL_REPOSITORY]. Give a folder as the local repository to leave your own alone.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
options=(-B -q -ntp)
[ $# -eq 0 ] || options+=("-Dmaven.repo.local=$(realpath -m "$1")")
mvn "${options[@]}" -f "$here/../../pom.xml" -pl cluster -am install -Prelease -DskipTests \
  -Dspotless.check.skip
mvn "${options[@]}" -f "$here/pom.xml" test
echo "The projects in ${here##*/} have passed"
