package dev.limpet.cluster.audit;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.AuditedBroker;
import dev.limpet.broker.spi.cluster.AuditedBroker.Connected;
import dev.limpet.broker.spi.cluster.ClaimView;
import dev.limpet.broker.spi.cluster.Holding;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Compares the connections of this node with the claims in the directory, and durable ones with
 * their sessions. Thread-safe.
 */
final class ConnectionCheck {
  private final SessionDirectory directory;
  private final AuditedBroker broker;
  private final Hosts hosts;
  private final SessionCheck sessions;

  ConnectionCheck(
      SessionDirectory directory, AuditedBroker broker, Hosts hosts, SessionCheck sessions) {
    this.directory = directory;
    this.broker = broker;
    this.hosts = hosts;
    this.sessions = sessions;
  }

  CompletionStage<List<Finding>> look(List<Connected> clients) {
    if (clients.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    List<ClientId> ids = clients.stream().map(each -> each.claim().clientId()).toList();
    return directory.find(ids).thenCompose(found -> judge(clients, found));
  }

  private CompletionStage<List<Finding>> judge(
      List<Connected> clients, Map<ClientId, ClaimView> found) {
    List<Finding> findings = new ArrayList<>();
    List<Claim> lost = new ArrayList<>();
    List<Claim> durable = new ArrayList<>();
    Map<Claim, Claim> contested = new HashMap<>();
    for (Connected client : clients) {
      Claim own = client.claim();
      ClaimView view = found.get(own.clientId());
      ClaimRule rule = ClaimRule.of(own, view);
      switch (rule) {
        case SOUND -> {}
        case LOST -> lost.add(own);
        case OUTDONE -> findings.add(outdone(own, view));
        case CONTESTED -> contested.put(own, Objects.requireNonNull(view).claim());
      }
      if (client.durable() && (rule == ClaimRule.SOUND || rule == ClaimRule.LOST)) {
        durable.add(own);
      }
    }
    return contested(contested)
        .thenCombine(
            sessions.look(durable),
            (outdone, ofSessions) -> {
              findings.addAll(outdone);
              findings.addAll(ofSessions);
              addLost(lost, findings);
              return findings;
            });
  }

  /** A session opened by a newer claim outdoes even a connection whose claim nobody holds. */
  private void addLost(List<Claim> lost, List<Finding> findings) {
    List<ClientId> ending =
        findings.stream()
            .filter(each -> each.kind() == Repair.CLIENT_OUTDONE)
            .map(Finding::clientId)
            .toList();
    for (Claim own : lost) {
      if (!ending.contains(own.clientId())) {
        findings.add(
            new Finding(Repair.CLAIM_LOST, own.clientId(), own, () -> broker.restore(own)));
      }
    }
  }

  /**
   * A rival whose CONNECT is in progress ends this connection by itself. One without a connection
   * is swept by its home, and then this one may return.
   */
  private CompletionStage<List<Finding>> contested(Map<Claim, Claim> rivals) {
    return hosts
        .ask(rivals.values())
        .thenApply(
            holdings -> {
              List<Finding> findings = new ArrayList<>();
              rivals.forEach(
                  (own, rival) -> {
                    if (holdings.get(rival) == Holding.CONNECTED) {
                      findings.add(outdone(own, rival));
                    }
                  });
              return findings;
            });
  }

  private Finding outdone(Claim own, Object by) {
    return new Finding(
        Repair.CLIENT_OUTDONE, own.clientId(), List.of(own, by), () -> broker.endOutdone(own));
  }
}
