package dev.limpet.cluster.audit;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.cluster.AuditedBroker;
import dev.limpet.broker.spi.cluster.Holding;
import dev.limpet.broker.spi.cluster.Membership;
import dev.limpet.broker.spi.cluster.PeerLink;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the hosts that claims name what they have under them. Thread-safe. */
final class Hosts {
  private static final Logger LOG = LoggerFactory.getLogger(Hosts.class);

  private static final int CLAIMS_MAX = 256;
  private static final int CHARS_MAX = 1 << 16;

  private final Membership membership;
  private final PeerLink peers;
  private final AuditedBroker broker;

  Hosts(Membership membership, PeerLink peers, AuditedBroker broker) {
    this.membership = membership;
    this.peers = peers;
    this.broker = broker;
  }

  boolean isLive(NodeId host) {
    return membership.isLive(host);
  }

  /** Asks all hosts that live; claims of those that are dead or do not answer are left out. */
  CompletionStage<Map<Claim, Holding>> ask(Collection<Claim> claims) {
    Map<NodeId, List<Claim>> byHost = new HashMap<>();
    for (Claim claim : claims) {
      if (isLive(claim.host())) {
        byHost.computeIfAbsent(claim.host(), host -> new ArrayList<>()).add(claim);
      }
    }
    List<CompletableFuture<Map<Claim, Holding>>> answers = new ArrayList<>();
    byHost.forEach(
        (host, own) -> {
          for (int from = 0; from < own.size(); ) {
            int to = end(own, from);
            answers.add(ask(host, own.subList(from, to)).toCompletableFuture());
            from = to;
          }
        });
    return Stages.all(answers)
        .thenApply(
            all -> {
              Map<Claim, Holding> holdings = new HashMap<>();
              answers.forEach(each -> holdings.putAll(each.join()));
              return holdings;
            });
  }

  /** The end of what fits a frame. */
  private static int end(List<Claim> claims, int from) {
    int chars = 0;
    int to = from;
    while (to < claims.size() && to - from < CLAIMS_MAX && chars <= CHARS_MAX) {
      chars += claims.get(to).clientId().value().length();
      to++;
    }
    return to;
  }

  private CompletionStage<Map<Claim, Holding>> ask(NodeId host, List<Claim> claims) {
    CompletionStage<List<Holding>> answer =
        host.equals(membership.self())
            ? CompletableFuture.completedFuture(broker.holdings(claims))
            : peers.holdings(host, claims);
    return answer.handle(
        (holdings, failure) -> {
          Map<Claim, Holding> known = new HashMap<>();
          if (failure != null) {
            LOG.debug("Node {} did not say which claims it holds", host, failure);
          } else {
            for (int i = 0; i < claims.size(); i++) {
              known.put(claims.get(i), holdings.get(i));
            }
          }
          return known;
        });
  }
}
