#!/usr/bin/env bash
# Three minutes of the nemesis: a few schedules whose seeds are the same each time, or what the
# arguments say. Ends with 0, and says why, where there are no namespaces.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
readonly schedules=kill,freeze-after-kill,partial,rolling
readonly minutes=3
# Building, and the last round, which may begin when the minutes are nearly over.
readonly bound_seconds=900

command -v ip >/dev/null || { echo "nemesis: skipped, there is no ip command"; exit 0; }
mapped=()
[ "$(id -u)" -eq 0 ] || mapped=(--map-root-user)
if ! unshare "${mapped[@]}" --net --mount --pid --fork --kill-child --mount-proc \
  bash -c 'mount -t tmpfs tmpfs /run && mkdir /run/netns && ip netns add probe' 2>/dev/null; then
  echo "nemesis: skipped, network namespaces cannot be made here"
  exit 0
fi
exec timeout --kill-after=10 "$bound_seconds" \
  "$here/run.sh" --minutes "$minutes" --rounds 4 --schedule "$schedules" --seed 1 "$@"
