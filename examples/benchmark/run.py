#!/usr/bin/env python3
"""Measures Limpet beside mosquitto and nats-server on this machine and prints a Markdown table.

Needs the load generator mqload, which is not part of this repository: give its path by --mqload or
the environment variable MQLOAD. It is called as

    mqload MODE -h HOST:PORT [options of the row] -b BYTES -d SECONDS -w SECONDS --pid PID --json

and has to print one JSON object as its last line: delivered_per_s, latency_us.p99 (from the time a
message was due), connects_per_s, up, and broker_cpu_s, the CPU seconds that /proc/PID/stat shows for
the measured seconds alone. Each broker is started once, on free ports of 127.0.0.1, with its default
settings; before a row's rounds each gets the same load as a warm-up, long enough for a JVM to have
compiled what the load runs through, and the rounds alternate between the brokers. Everything that was started is ended again, also on Ctrl-C.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True  # leaves no __pycache__ beside the example
import brokers  # noqa: E402

DELIVERED, PACED, CONNECTS = "delivered", "paced", "connects"


@dataclass(frozen=True)
class Row:
    """One load: what it is called, what mqload is told, and which figure counts."""

    title: str
    load: tuple
    kind: str = DELIVERED
    qos: int = 0


ROWS = {
    "pairs100q0": Row("100 pairs, QoS 0", ("pairs", "-P", "100")),
    "pairs100q1": Row("100 pairs, QoS 1", ("pairs", "-P", "100"), qos=1),
    # mosquitto takes 20 at a time and drops further ones of QoS 2, which never end then.
    "pairs100q2": Row("100 pairs, QoS 2", ("pairs", "-P", "100", "--inflight", "20"), qos=2),
    "pairs1000q1": Row("1000 pairs, QoS 1", ("pairs", "-P", "1000"), qos=1),
    "fanout100q0": Row("fan-out 1 → 100, QoS 0", ("fanout", "-P", "1", "-S", "100")),
    "fanout1000q0": Row("fan-out 1 → 1000, QoS 0", ("fanout", "-P", "1", "-S", "1000")),
    "fanout100q1": Row("fan-out 1 → 100, QoS 1", ("fanout", "-P", "1", "-S", "100"), qos=1),
    "fanin1000q0": Row("fan-in 1000 → 1, QoS 0", ("fanin", "-P", "1000", "-S", "1")),
    "paced500q1": Row(
        "20,000 msg/s over 500 pairs, QoS 1",
        ("pairs", "-P", "500", "--rate", "20000"), kind=PACED, qos=1),
    "connects": Row(
        "connects, 64 at a time",
        ("conn", "-N", "16000", "-C", "64", "--hold", "0", "--src-ips", "8"), kind=CONNECTS),
}
BROKEN_PROMISE = 3  # mqload's exit status when messages were lost, or worse
WARM_UPS = {CONNECTS: 8}  # of a row's kind, which lasts a moment; others last as long as told


class Bench:
    """The brokers that run, and what was measured of them."""

    def __init__(self, options, home):
        self.options = options
        self.home = home
        self.running = {}
        self.load = None

    def start(self, name):
        """Starts a broker and waits until it answers."""
        log(f"starting {name}")
        broker = brokers.KINDS[name](self.options, self.home / name)
        self.running[name] = broker
        broker.start()

    def run(self, name, row, seconds=None):
        """One run of a load against a broker: mqload's results, or None when it failed."""
        seconds = seconds or self.options.seconds
        broker = self.running[name]
        if row.qos > broker.qos_max:
            return None
        try:
            self.load = subprocess.Popen(
                self.command(broker, row, seconds), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                text=True, start_new_session=True)
            out, err = self.load.communicate(timeout=seconds * 4 + 120)
        except subprocess.TimeoutExpired:
            end(self.load)
            return failed(name, row, "no end")
        try:
            result = json.loads(out.strip().splitlines()[-1])
        except (IndexError, ValueError):
            return failed(name, row, err.strip() or out.strip())
        if self.load.returncode not in (0, BROKEN_PROMISE):
            return failed(name, row, err.strip() or out.strip())
        if self.load.returncode:
            log(f"  {name:<10} {row.title}: {violations(out)}")
        result["broken"] = self.load.returncode == BROKEN_PROMISE
        log(f"  {name:<10} {row.title}: {summary(row, result)}")
        return result

    def command(self, broker, row, seconds):
        """What mqload is called with."""
        options = self.options
        common = ["-h", f"127.0.0.1:{broker.port}", "--pid", str(broker.pid), "--json"]
        if row.kind != CONNECTS:
            common += ["-q", str(row.qos), "-b", str(options.payload),
                       "-d", str(seconds), "-w", str(options.warm)]
        return [options.mqload, *row.load, *common]

    def rounds(self, row):
        """All rounds of a row: per broker the list of results, empty where one failed."""
        results = {name: [] for name in self.running}
        able = list(self.running)
        for _ in range(WARM_UPS.get(row.kind, 1)):
            able = [n for n in able if self.run(n, row, self.options.warm_up) is not None]
        for _ in range(self.options.rounds):
            for name in list(able):
                result = self.run(name, row)
                if result is None:
                    able.remove(name)
                    results[name] = []
                else:
                    results[name].append(result)
        return results

    def close(self):
        """Ends what still runs."""
        if self.load is not None:
            end(self.load)
        for broker in self.running.values():
            broker.close()


def end(process):
    """Kills a process of ours that still runs."""
    if process.poll() is None:
        process.kill()
        process.communicate()


def failed(name, row, why):
    log(f"  {name:<10} {row.title}: failed: {why[:400]}")


def violations(out):
    return "; ".join(line for line in out.splitlines() if "VIOLATION" in line)


def amount(row, result):
    """What a row counts a second."""
    return result["connects_per_s" if row.kind == CONNECTS else "delivered_per_s"]


def per_cpu(row, result):
    """What a row counts per CPU second of the broker."""
    if row.kind == CONNECTS:
        return result["up"] / max(result["broker_cpu_s"], 0.01)
    return result["delivered_per_s"] * result["window_s"] / max(result["broker_cpu_s"], 0.01)


def summary(row, result):
    text = f"{amount(row, result):,.0f}/s, {per_cpu(row, result):,.0f} per CPU s"
    text += f", CPU {result['broker_cpu_s']:.2f} s"
    if row.kind == PACED:
        text += f", p99 {result['latency_us']['p99'] / 1000:.2f} ms"
    return text + f" (generator at {result['self_cpu_pct']:.0f} %)"


def cell(row, results):
    """Median of the rounds as a table shows it, and the median per CPU second."""
    if not results:
        return "–", None
    rate = statistics.median(amount(row, r) for r in results)
    cpu = statistics.median(per_cpu(row, r) for r in results)
    text = f"{rate:,.0f} · {cpu:,.0f}"
    if row.kind == PACED:
        p99 = statistics.median(r["latency_us"]["p99"] for r in results)
        text += f" · p99 {p99 / 1000:.2f} ms"
    if any(r["broken"] for r in results):
        text += " (broke a promise)"
    return text, cpu


def table(names, measured):
    """The Markdown table of the rows measured."""
    compared = [n for n in names if n != "mosquitto"] if "mosquitto" in names else []
    head = ["load", *names, *(f"{n} : mosquitto" for n in compared)]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row, results in measured:
        cells = {name: cell(row, results[name]) for name in names}
        ratios = [ratio(cells[n][1], cells["mosquitto"][1]) for n in compared]
        lines.append("| " + " | ".join([row.title, *(cells[n][0] for n in names), *ratios]) + " |")
    return "\n".join(lines)


def ratio(ours, theirs):
    return f"{ours / theirs:.2f} ×" if ours and theirs else "–"


def heading(options, bench):
    """Date, machine, versions and command, without which figures mean nothing."""
    versions = ", ".join(f"{name} {b.version}" for name, b in bench.running.items())
    command = " ".join(["examples/benchmark/run.py", *sys.argv[1:]])
    return (
        f"{time.strftime('%Y-%m-%d')}, {brokers.machine()}; {versions}. Medians of {options.rounds}"
        f" rounds of {options.seconds} s, {options.payload} byte payloads: what was delivered a"
        f" second · per CPU second of the broker (ratios are of the latter).\n`{command}`\n")


def log(text):
    print(text, file=sys.stderr, flush=True)


def listed(choices):
    """An argument type: a comma-separated list of known words."""

    def parse(text):
        words = text.split(",")
        unknown = [w for w in words if w not in choices]
        if unknown:
            raise argparse.ArgumentTypeError(
                f"{', '.join(unknown)} is none of {', '.join(choices)}")
        return words

    return parse


def parse_options():
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="rows:\n" + "\n".join(f"  {key:<14} {row.title}" for key, row in ROWS.items()))
    parser.add_argument("--mqload", default=os.environ.get("MQLOAD"), help="load generator")
    parser.add_argument("--rows", type=listed(ROWS), default=list(ROWS), help="default: all")
    parser.add_argument("--rounds", type=int, default=5, help="default: 5")
    parser.add_argument(
        "--brokers", type=listed(brokers.KINDS), default=list(brokers.KINDS),
        help="default: " + ",".join(brokers.KINDS))
    parser.add_argument("--payload", type=int, default=64, help="bytes, at least 24; default: 64")
    parser.add_argument("--seconds", type=int, default=5, help="measured in a round; default: 5")
    parser.add_argument("--warm", type=int, default=2, help="before it; default: 2")
    parser.add_argument(
        "--warm-up", type=int, default=20, help="seconds of a row's warm-up; default: 20")
    parser.add_argument(
        "--jar", default=root / "cluster/target/limpet.jar", help="default: cluster/target's")
    parser.add_argument(
        "--java-options", default="", help="for trying something out; default: none")
    parser.add_argument("--json", type=Path, help="file for the results of all rounds")
    options = parser.parse_args()
    if not options.mqload or not os.access(options.mqload, os.X_OK):
        parser.error("needs the load generator: --mqload PATH or MQLOAD=PATH")
    return options


def main():
    options = parse_options()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda n, _: sys.exit(128 + n))
    with tempfile.TemporaryDirectory(prefix="limpet-benchmark-") as home:
        bench = Bench(options, Path(home))
        try:
            for name in options.brokers:
                bench.start(name)
            measured = [(ROWS[key], bench.rounds(ROWS[key])) for key in options.rows]
            print(heading(options, bench))
            print(table(options.brokers, measured))
            if options.json:
                options.json.write_text(json.dumps({row.title: r for row, r in measured}))
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            bench.close()


if __name__ == "__main__":
    main()
