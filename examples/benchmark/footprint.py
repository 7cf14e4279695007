#!/usr/bin/env python3
"""What a node takes that has nothing to do: seconds until it is ready, resident memory and CPU, alone
and with many idle connections. Needs mqload as run.py does (its mode conn), and open files for the
connections: ulimit -n.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True  # leaves no __pycache__ beside the example
import brokers  # noqa: E402
import generator  # noqa: E402

SETTLED_SECONDS = 25  # a node gives back what its start has needed after 15
WATCHED_SECONDS = 10


def resident_kib(pid):
    for line in brokers.read(f"/proc/{pid}/status").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise SystemExit("the broker has ended")


def cpu_seconds(pid):
    fields = brokers.read(f"/proc/{pid}/stat").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def watch(pid):
    """Resident KiB, and the share of a core it takes."""
    before = cpu_seconds(pid)
    time.sleep(WATCHED_SECONDS)
    return resident_kib(pid), (cpu_seconds(pid) - before) / WATCHED_SECONDS


def connect(options, broker):
    """Opens the connections; they stay until the returned process is killed."""
    command = [
        options.mqload, "conn", "-h", f"127.0.0.1:{broker.port}", "-N", str(options.connections),
        "-C", "64", "-k", "600", "--hold", "3600"]
    load = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    while len(os.listdir(f"/proc/{broker.pid}/fd")) < options.connections:
        if load.poll() is not None:
            raise SystemExit("mqload has ended early; try fewer --connections, or ulimit -n")
        time.sleep(0.2)
    return load


def measure(options, broker):
    begun = time.monotonic()
    broker.start()
    print(f"{options.broker} {broker.version}, {brokers.machine()}")
    print(f"lets clients in after {time.monotonic() - begun:.1f} s")
    time.sleep(SETTLED_SECONDS)
    alone, share = watch(broker.pid)
    print(f"idle: {alone / 1024:.0f} MiB resident, {share:.1%} of a core")
    load = connect(options, broker)
    try:
        time.sleep(options.wait)
        full, share = watch(broker.pid)
    finally:
        load.kill()
        load.wait()
    print(f"with {options.connections} idle connections: {full / 1024:.0f} MiB resident,"
          f" {(full - alone) / options.connections:.1f} KiB each, {share:.1%} of a core")


def main():
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    generator.add_option(parser)
    single = [name for name, kind in brokers.KINDS.items() if kind.nodes == 1]
    parser.add_argument("--broker", choices=single, default="limpet")
    parser.add_argument("--connections", type=int, default=19_000, help="default: 19000")
    parser.add_argument(
        "--wait", type=int, default=130,
        help="seconds from the last connection to the measurement; an idle node gives back within two"
             " minutes what connecting has needed; default: 130")
    parser.add_argument("--jar", default=root / "cluster/target/limpet.jar")
    parser.add_argument("--java-options", default="", help="default: none")
    options = parser.parse_args()
    options.mqload = generator.path(options)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda n, _: sys.exit(128 + n))
    with tempfile.TemporaryDirectory(prefix="limpet-footprint-") as home:
        broker = brokers.KINDS[options.broker](options, Path(home) / options.broker)
        try:
            measure(options, broker)
        finally:
            broker.close()


if __name__ == "__main__":
    main()
