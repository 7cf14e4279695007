package dev.limpet.cluster.readiness;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.cluster.http.NodeState;
import dev.limpet.cluster.http.Readiness;
import dev.limpet.cluster.http.ReadinessCheck;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes a node's readiness of what is known of it. Pure: stateless, and it asks {@link Facts} only.
 */
final class ReadinessChecks {

  private static final String PROGRESS = "progress";
  private static final String MEMBERS = "members";

  /** What is known of the node now. Implementations do not block. */
  interface Facts {
    /** How many nodes there are, this one included. */
    int dataNodes();

    /** Names of peers that are not here. */
    List<String> missing();

    /** Why this node may not serve although it lives, as a sentence; empty when it may. */
    String cutOff();

    /** Whether this node has had its share of partitions and copies once since it joined. */
    boolean hasShare();

    int withoutOwner();

    int withoutCopy();

    /** Whether copies lack writes. */
    boolean areCopiesBehind();

    /** What does not go on, in sentences. */
    List<String> stuck();

    /** How long the process did not run, until now or a moment ago; 0 for no longer than usual. */
    long stallMillis();

    /** Peers whose routes are not all known here. */
    List<NodeId> routesBehind();

    /** Peers whose clock differs from this node's, in sentences. */
    List<String> clocks();

    /** What is recovered, as a sentence; empty for nothing. */
    String recovery();
  }

  private ReadinessChecks() {}

  static Readiness of(Facts facts) {
    List<ReadinessCheck> checks =
        List.of(
            members(facts),
            progress(facts),
            owners(facts),
            share(facts),
            copies(facts),
            routes(facts),
            sessions(facts),
            clocks(facts));
    Optional<ReadinessCheck> failed = checks.stream().filter(each -> !each.passed()).findFirst();
    return new Readiness(
        failed.map(ReadinessChecks::state).orElse(NodeState.READY),
        failed.map(ReadinessCheck::note).orElse(""),
        checks,
        facts.missing());
  }

  private static NodeState state(ReadinessCheck failed) {
    return switch (failed.name()) {
      case PROGRESS -> NodeState.STUCK;
      case MEMBERS -> NodeState.CUT_OFF;
      default -> NodeState.RECOVERING;
    };
  }

  private static ReadinessCheck members(Facts facts) {
    if (!facts.cutOff().isEmpty()) {
      return ReadinessCheck.failed(MEMBERS, facts.cutOff());
    }
    List<String> missing = facts.missing();
    return missing.isEmpty()
        ? ReadinessCheck.passed(MEMBERS)
        : ReadinessCheck.passed(
            MEMBERS,
            (missing.size() == 1 ? "A peer is missing, " : "Some peers are missing, ")
                + String.join(", ", missing)
                + ".");
  }

  private static ReadinessCheck progress(Facts facts) {
    long stall = facts.stallMillis();
    if (stall > 0) {
      return ReadinessCheck.failed(
          PROGRESS,
          "The node did not run for " + stall / 1_000 + " seconds and looks what has happened.");
    }
    List<String> stuck = facts.stuck();
    return stuck.isEmpty()
        ? ReadinessCheck.passed(PROGRESS)
        : ReadinessCheck.failed(PROGRESS, stuck.get(0));
  }

  private static ReadinessCheck owners(Facts facts) {
    int count = facts.withoutOwner();
    return count == 0
        ? ReadinessCheck.passed("owners")
        : ReadinessCheck.failed(
            "owners", "The cluster has " + partitions(count) + " without an owner.");
  }

  private static ReadinessCheck share(Facts facts) {
    return facts.hasShare()
        ? ReadinessCheck.passed("share")
        : ReadinessCheck.failed(
            "share", "The node waits for its share of the partitions, each with its copy.");
  }

  private static ReadinessCheck copies(Facts facts) {
    if (facts.dataNodes() < 2) {
      return ReadinessCheck.passed(
          "copies", "The cluster has one node, so nothing has a copy on another.");
    }
    int count = facts.withoutCopy();
    if (count > 0) {
      return ReadinessCheck.failed(
          "copies", "The node has " + partitions(count) + " that no other node has a copy of yet.");
    }
    return facts.areCopiesBehind()
        ? ReadinessCheck.failed(
            "copies", "Copies of this node's partitions lack writes; they are being sent.")
        : ReadinessCheck.passed("copies");
  }

  private static ReadinessCheck routes(Facts facts) {
    List<NodeId> behind = facts.routesBehind();
    return behind.isEmpty()
        ? ReadinessCheck.passed("routes")
        : ReadinessCheck.failed(
            "routes",
            "The node has not heard the latest routes of "
                + behind.stream().map(NodeId::name).sorted().collect(Collectors.joining(", "))
                + ".");
  }

  private static ReadinessCheck sessions(Facts facts) {
    String recovery = facts.recovery();
    return recovery.isEmpty()
        ? ReadinessCheck.passed("sessions")
        : ReadinessCheck.failed("sessions", recovery);
  }

  /** Expiry does not depend on them, so a node is ready all the same. */
  private static ReadinessCheck clocks(Facts facts) {
    return ReadinessCheck.passed("clocks", String.join(" ", facts.clocks()));
  }

  private static String partitions(int count) {
    return count == 1 ? "1 partition" : count + " partitions";
  }
}
