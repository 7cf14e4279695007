#!/usr/bin/env bash
# Builds what an example needs and runs the test that is the example: run-test.sh TEST_CLASS
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
mvn -q -f "$root/pom.xml" -pl examples -am package -Dtest="$1" \
  -Dsurefire.failIfNoSpecifiedTests=false
echo "$1 has passed"
