"""The brokers that run.py measures: how each is started with its default settings, and ended."""

import os
import platform
import re
import shlex
import shutil
import socket
import subprocess
import time

STARTED_SECONDS_MAX = 60
STOPPED_SECONDS_MAX = 15


class Broker:
    """One broker on a free port of 127.0.0.1, with a directory of its own."""

    qos_max = 2
    nodes = 1

    def __init__(self, options, home):
        self.options = options
        self.home = home
        self.port = free_port()
        self.process = None
        self.version = "?"

    @property
    def pid(self):
        return self.process.pid

    @property
    def pids(self):
        """All its processes, as mqload takes them."""
        return str(self.pid)

    @property
    def endpoints(self):
        """Where its clients connect to, as mqload takes it."""
        return f"127.0.0.1:{self.port}"

    def command(self):
        """The command line that runs the broker in the foreground."""
        raise NotImplementedError

    def start(self):
        """Starts the broker and waits until its MQTT port lets clients in."""
        self.launch()
        self.await_answer()

    def launch(self):
        """Starts the broker's process."""
        self.home.mkdir()
        command = self.command()
        if not shutil.which(command[0]):
            raise SystemExit(f"{command[0]} is not installed; leave it out by --brokers")
        with open(self.home / "log", "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def await_answer(self):
        """Waits until the MQTT port lets clients in."""
        end = time.monotonic() + STARTED_SECONDS_MAX
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                name = type(self).__name__.lower()
                raise SystemExit(f"{name} does not start:\n{(self.home / 'log').read_text()}")
            time.sleep(0.02)

    def answers(self):
        """Whether a CONNECT of MQTT 3.1.1 is answered by a CONNACK that accepts it."""
        connect = bytes.fromhex("100d00044d5154540402000a000162")
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as client:
                client.settimeout(1)
                client.sendall(connect)
                return client.recv(4) == bytes.fromhex("20020000")
        except OSError:
            return False

    def close(self):
        """Ends the broker's process, by force when it takes too long."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOPPED_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Limpet(Broker):
    """One node on its sticky port; all other ports are any free ones."""

    def __init__(self, options, home):
        super().__init__(options, home)
        self.cluster_port = free_port()
        self.name = "benchmark"
        self.join = []

    def command(self):
        java = shutil.which("java", path=java_path())
        text = output(java, "-jar", str(self.options.jar), "--version")
        jdk = re.search(r'"([^"]+)"', output(java, "-version"))
        self.version = f"{text.split()[-1]} (JDK {jdk.group(1) if jdk else '?'})"
        return [
            java, *shlex.split(self.options.java_options), "-jar", str(self.options.jar), "node",
            "--name", self.name, "--mqtt", str(self.port), "--http", "0",
            "--cluster", str(self.cluster_port), "--cluster-name", f"benchmark-{os.getpid()}",
            *(["--join", ",".join(self.join)] if self.join else [])]


class Cluster:
    """Three nodes that have found each other; clients go to the sticky port of each in turn."""

    qos_max = 2
    nodes = 3

    def __init__(self, options, home):
        self.home = home
        self.members = [Limpet(options, home / name) for name in ("a", "b", "c")]
        self.version = "?"

    def start(self):
        """Starts all, then waits until each lets clients in."""
        self.home.mkdir()
        for member in self.members:
            member.name = member.home.name
            member.join = [f"127.0.0.1:{m.cluster_port}" for m in self.members]
            member.launch()
        for member in self.members:
            member.await_answer()
        self.version = self.members[0].version

    @property
    def pids(self):
        return ",".join(member.pids for member in self.members)

    @property
    def endpoints(self):
        return ",".join(member.endpoints for member in self.members)

    def close(self):
        """Ends all nodes."""
        for member in self.members:
            member.close()


class Mosquitto(Broker):
    """Without a log line per connection, which the others do not write either."""

    def command(self):
        self.version = word_after("version", output("mosquitto", "-h"))
        config = self.home / "mosquitto.conf"
        config.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\nconnection_messages false\n")
        return ["mosquitto", "-c", str(config)]


class Nats(Broker):
    """With the JetStream that its MQTT needs. It knows QoS 2 from version 2.10 on."""

    qos_max = 1

    def command(self):
        self.version = output("nats-server", "--version").split()[-1].lstrip("v")
        if tuple(int(n) for n in self.version.split(".")[:2]) >= (2, 10):
            self.qos_max = 2
        config = self.home / "nats.conf"
        config.write_text(
            f'server_name: benchmark\nlisten: "127.0.0.1:{free_port()}"\n'
            f'jetstream {{ store_dir: "{self.home}/store" }}\n'
            f'mqtt {{ listen: "127.0.0.1:{self.port}" }}\n')
        return ["nats-server", "-c", str(config)]


class FlashMq(Broker):
    """With a thread for each core, which is its default."""

    def command(self):
        self.version = word_after("[Vv]ersion:?", output("flashmq", "--version"))
        store = self.home / "store"
        store.mkdir()
        config = self.home / "flashmq.conf"
        config.write_text(
            f"listen {{\n  protocol mqtt\n  port {self.port}\n  inet_protocol ip4\n"
            f"  inet4_bind_address 127.0.0.1\n}}\nallow_anonymous true\nquiet true\n"
            f"storage_dir {store}\nlog_file {self.home}/flashmq.log\n")
        return ["flashmq", "--config-file", str(config)]


KINDS = {"limpet": Limpet, "mosquitto": Mosquitto, "nats": Nats, "flashmq": FlashMq,
         "cluster": Cluster}
PROGRAMS = {"mosquitto": "mosquitto", "nats": "nats-server", "flashmq": "flashmq"}


def installed():
    """Limpet, and those of its peers that are installed."""
    return [kind for kind in KINDS if kind not in PROGRAMS or shutil.which(PROGRAMS[kind])]


def java_path():
    """Where to look for java: JAVA_HOME first."""
    home = os.environ.get("JAVA_HOME")
    path = os.environ.get("PATH", os.defpath)
    return f"{home}/bin{os.pathsep}{path}" if home else path


def output(*command):
    """What a short command prints, on either stream."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=30, check=False)
        return done.stdout.strip()
    except FileNotFoundError:
        raise SystemExit(f"{command[0]} is not installed; leave it out by --brokers") from None


def word_after(word, text):
    found = re.search(rf"{word} (\S+)", text)
    return found.group(1) if found else "?"


def free_port():
    """A port of 127.0.0.1 that nobody listens on now, below those of outgoing connections."""
    for port in range(20_000 + os.getpid() % 5_000, 32_000):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in GIVEN:
            GIVEN.add(port)
            return port
    raise SystemExit("no free port on this machine")


GIVEN = set()


def machine():
    """Cores and model of the processor."""
    model = re.search(r"model name\s*:\s*(.+)", read("/proc/cpuinfo"))
    name = model.group(1).strip() if model else platform.machine()
    return f"{os.cpu_count()} cores of {name}, Linux {platform.release().split('-')[0]}"


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()
