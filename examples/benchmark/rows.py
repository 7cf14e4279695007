"""The loads that run.py measures."""

from dataclasses import dataclass

DELIVERED, PACED, CONNECTS = "delivered", "paced", "connects"


@dataclass(frozen=True)
class Row:
    """One load: what it is called, what mqload is told, and which figure counts."""

    title: str
    load: tuple
    kind: str = DELIVERED
    qos: int = 0
    nodes: int = 1  # 3: measured of a cluster, whose clients are spread over its nodes
    cold: bool = False  # each round has a broker that has just started, and no warm-up


PAIRS = ("pairs", "-P", "100")
FANOUT = ("fanout", "-P", "1", "-S", "100")
DURABLE_PAIRS = (*PAIRS, "--persistent")
CONNECT = ("conn", "-N", "16000", "-C", "64", "--hold", "0", "--src-ips", "8")
DURABLE_CONNECT = ("conn", "-N", "4000", "-C", "64", "--hold", "0", "--persistent", "--sub")

ROWS = {
    "pairs100q0": Row("100 pairs, QoS 0", PAIRS),
    "pairs100q1": Row("100 pairs, QoS 1", PAIRS, qos=1),
    # mosquitto takes 20 at a time and drops further ones of QoS 2, which never end then.
    "pairs100q2": Row("100 pairs, QoS 2", (*PAIRS, "--inflight", "20"), qos=2),
    "pairs1000q1": Row("1000 pairs, QoS 1", ("pairs", "-P", "1000"), qos=1),
    "fanout100q0": Row("fan-out 1 → 100, QoS 0", FANOUT),
    "fanout1000q0": Row("fan-out 1 → 1000, QoS 0", ("fanout", "-P", "1", "-S", "1000")),
    "fanout100q1": Row("fan-out 1 → 100, QoS 1", FANOUT, qos=1),
    "fanin1000q0": Row("fan-in 1000 → 1, QoS 0", ("fanin", "-P", "1000", "-S", "1")),
    "paced500q1": Row(
        "20,000 msg/s over 500 pairs, QoS 1",
        ("pairs", "-P", "500", "--rate", "20000"), kind=PACED, qos=1),
    "connects": Row("connects, 64 at a time", CONNECT, kind=CONNECTS),
}


def durable_rows(nodes):
    """Sessions that outlive their connection, of a broker that is warm and of one just started."""
    rows = {}
    for cold in (False, True):
        word = ", cold" if cold else ""
        rows["durable100q1" + "cold" * cold] = Row(
            f"100 pairs, QoS 1, durable{word}", DURABLE_PAIRS, qos=1, nodes=nodes, cold=cold)
        rows["durableconnects" + "cold" * cold] = Row(
            f"connects with SUBSCRIBE, durable{word}", DURABLE_CONNECT, kind=CONNECTS,
            nodes=nodes, cold=cold)
    return rows


ROWS |= durable_rows(1)
ROWS |= {
    "three-pairs100q1": Row("100 pairs, QoS 1", PAIRS, qos=1, nodes=3),
    "three-fanout100q0": Row("fan-out 1 → 100, QoS 0", FANOUT, nodes=3),
    "three-paced100q1": Row(
        "2,000 msg/s over 100 pairs, QoS 1, durable",
        (*DURABLE_PAIRS, "--rate", "2000"), kind=PACED, qos=1, nodes=3),
    "three-connects": Row("connects, 64 at a time", CONNECT, kind=CONNECTS, nodes=3),
}
ROWS |= {f"three-{key}": row for key, row in durable_rows(3).items()}
