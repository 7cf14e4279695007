package dev.limpet.examples.nemesis.nodes;

import dev.limpet.examples.nemesis.schedule.Way;

/**
 * One network namespace for each node, on a bridge in the namespace of the harness. Expects to own
 * that namespace and {@code /run/netns}, as {@code run.sh} arranges, so nothing has to be undone.
 *
 * <p>A way is cut where packets arrive, by a routing rule that comes before the local table: the
 * sender hears nothing, as with a cable that was pulled.
 */
final class Network {

  private static final String NET = "10.77.0.";
  private static final int HARNESS = 254;

  private final Shell shell;

  Network(Shell shell) {
    this.shell = shell;
  }

  /** Makes the bridge and the namespaces. */
  void make(int nodes) {
    shell.run("ip link set lo up");
    shell.run("ip link add hub type bridge forward_delay 0");
    shell.run("ip addr add " + NET + HARNESS + "/24 dev hub");
    shell.run("ip link set hub up");
    for (int node = 0; node < nodes; node++) {
      String ns = space(node);
      String port = "port" + node;
      String in = "ip -n " + ns;
      shell.run("ip netns add " + ns);
      shell.run("ip link add " + port + " type veth peer name eth0 netns " + ns);
      shell.run("ip link set " + port + " master hub up");
      shell.run(in + " addr add " + address(node) + "/24 dev eth0");
      shell.run(in + " link set eth0 up");
      shell.run(in + " link set lo up");
      shell.run(in + " rule add pref 100 lookup local");
      shell.run(in + " rule del pref 0");
    }
  }

  void cut(Way way) {
    shell.run(rule("add", way));
  }

  void mend(Way way) {
    shell.run(rule("del", way));
  }

  private static String rule(String what, Way way) {
    String in = "ip -n " + space(way.to());
    return in + " rule " + what + " pref 10 from " + address(way.from()) + " blackhole";
  }

  static String space(int node) {
    return "node" + node;
  }

  static String address(int node) {
    return NET + (node + 1);
  }
}
