#!/usr/bin/env python3
"""Measures Limpet beside other brokers on this machine and prints Markdown tables.

The load comes from mqload, which is compiled from mqload.c when it is first needed. Each broker is
started once, on free ports of 127.0.0.1, with its default settings; before a row's rounds each gets
the same load as a warm-up, long enough for a JVM to have compiled what the load runs through, and
the rounds alternate between the brokers. Cold rows start the broker anew for each round and have no
warm-up. Rows "three-…" load a cluster of three nodes, with the clients spread over them; CPU is that
of the three. Everything that was started is ended again, also on Ctrl-C.
"""

import argparse
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True  # leaves no __pycache__ beside the example
import brokers  # noqa: E402
import generator  # noqa: E402
from rows import CONNECTS, PACED, ROWS  # noqa: E402

BROKEN_PROMISE = 3  # mqload's exit status when messages were lost, or worse
WARM_UPS = {CONNECTS: 8}  # of a row's kind, which lasts a moment; others last as long as told


class Bench:
    """The brokers that run, and what was measured of them."""

    def __init__(self, options, home):
        self.options = options
        self.home = home
        self.running = {}
        self.started = 0
        self.versions = {}
        self.load = None

    def start(self, name):
        """Starts a broker and waits until it answers."""
        log(f"starting {name}")
        broker = brokers.KINDS[name](self.options, self.home / f"{name}-{self.started}")
        self.started += 1
        self.running[name] = broker
        broker.start()
        self.versions[name] = broker.version

    def keep(self, names):
        """Has these brokers run, and no others."""
        for name in [n for n in self.running if n not in names]:
            self.running.pop(name).close()
        for name in [n for n in names if n not in self.running]:
            self.start(name)

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
        common = ["-h", broker.endpoints, "--pid", broker.pids, "--json"]
        if row.kind != CONNECTS:
            common += ["-q", str(row.qos), "-b", str(options.payload),
                       "-d", str(seconds), "-w", str(0 if row.cold else options.warm)]
        return [options.mqload, *row.load, *common]

    def measure(self, row):
        """All rounds of a row: per broker the list of results, empty where one failed."""
        names = of_row(self.options.brokers, row)
        return self.cold_rounds(row, names) if row.cold else self.rounds(row, names)

    def cold_rounds(self, row, names):
        """Each round with a broker that has just started and has the machine to itself."""
        results = {name: [] for name in names}
        for _ in range(self.options.rounds):
            for name in names:
                self.keep([])
                self.keep([name])
                results[name].append(self.run(name, row))
        self.keep([])
        return {name: [] if None in found else found for name, found in results.items()}

    def rounds(self, row, names):
        """The rounds alternate between brokers that are warm."""
        self.keep(names)
        results = {name: [] for name in names}
        able = list(names)
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


def of_row(names, row):
    """Those of the brokers that a row is measured with: as many nodes as it wants."""
    return [name for name in names if brokers.KINDS[name].nodes == row.nodes]


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


def heading(options, versions):
    """Date, machine, versions and command, without which figures mean nothing."""
    versions = ", ".join(f"{name} {version}" for name, version in versions.items())
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
        epilog="rows:\n" + "\n".join(f"  {key:<26} {row.title}" for key, row in ROWS.items()))
    generator.add_option(parser)
    parser.add_argument("--rows", type=listed(ROWS), default=list(ROWS), help="default: all")
    parser.add_argument("--rounds", type=int, default=5, help="default: 5")
    parser.add_argument(
        "--brokers", type=listed(brokers.KINDS), default=brokers.installed(),
        help="of " + ",".join(brokers.KINDS) + "; default: those that are installed")
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
    options.mqload = generator.path(options)
    return options


def main():
    options = parse_options()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda n, _: sys.exit(128 + n))
    with tempfile.TemporaryDirectory(prefix="limpet-benchmark-") as home:
        bench = Bench(options, Path(home))
        try:
            measured = {key: bench.measure(ROWS[key]) for key in options.rows}
            print(heading(options, bench.versions))
            for nodes in (1, 3):
                of_nodes = [(ROWS[k], r) for k, r in measured.items() if ROWS[k].nodes == nodes]
                if of_nodes:
                    names = of_row(options.brokers, of_nodes[0][0])
                    print(table(names, of_nodes) + "\n")
            if options.json:
                options.json.write_text(json.dumps(measured))
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            bench.close()


if __name__ == "__main__":
    main()
