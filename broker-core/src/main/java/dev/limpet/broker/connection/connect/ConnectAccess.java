package dev.limpet.broker.connection.connect;

import dev.limpet.broker.connection.MqttConnection;
import dev.limpet.broker.connection.Permissions;
import dev.limpet.broker.connection.attachment.ConnectionPorts;
import dev.limpet.broker.guard.Guard;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.ClientOrigin;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.store.StoredSession;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Checks a CONNECT: the client's identity, its will, and the subscriptions of its session.
 * Stateless.
 */
final class ConnectAccess {
  private final ConnectionPorts ports;
  private final MqttConnection connection;
  private final ConnectRequest request;

  ConnectAccess(ConnectionPorts ports, MqttConnection connection, ConnectRequest request) {
    this.ports = ports;
    this.connection = connection;
    this.request = request;
  }

  /**
   * Asks the authenticator of the listener, or the node's; fails when it does not answer in time.
   * Unless the listener has its own, a verified certificate is proof enough.
   */
  CompletableFuture<Authentication> authenticate() {
    Authenticator own = connection.caller().authenticator();
    ClientOrigin origin = connection.caller().origin();
    if (own == null && origin.certificateName() != null) {
      return CompletableFuture.completedFuture(Authentication.user(origin.certificateName()));
    }
    Authenticator asked = own == null ? ports.socket().guards().authenticator() : own;
    return inTime(
        Guard.stage("Authenticator.authenticate", () -> asked.authenticate(request, origin))
            .toCompletableFuture());
  }

  /** Whether the client may leave this will. */
  CompletableFuture<Boolean> mayPublish(ClientIdentity identity, Will will) {
    return inTime(new Permissions(connection.caller().authorizer(), identity).publish(will.topic()))
        .thenApply(decision -> decision == Decision.ALLOW);
  }

  /** The session without the subscriptions that are no longer allowed, which the store drops. */
  CompletionStage<StoredSession> recheck(
      ClientIdentity identity, Claim claim, StoredSession stored) {
    List<Subscription> subscriptions = stored.subscriptions();
    if (subscriptions.isEmpty()) {
      return CompletableFuture.completedFuture(stored);
    }
    Permissions permissions = new Permissions(connection.caller().authorizer(), identity);
    List<CompletableFuture<Decision>> answers =
        subscriptions.stream().map(each -> permissions.subscribe(each.filter())).toList();
    CompletableFuture<Void> all = Stages.all(answers);
    return inTime(all.exceptionally(failure -> null))
        .thenComposeAsync(
            known -> keepAllowed(claim, stored, answers, permissions), connection.lane().soonest());
  }

  private CompletionStage<StoredSession> keepAllowed(
      Claim claim,
      StoredSession stored,
      List<CompletableFuture<Decision>> answers,
      Permissions permissions) {
    List<Subscription> kept = new ArrayList<>();
    List<SharedFilter> dropped = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      Subscription subscription = stored.subscriptions().get(i);
      if (Permissions.isGranted(answers.get(i))) {
        kept.add(subscription);
        connection.output().granted(subscription.filter(), answers.get(i), permissions);
      } else {
        dropped.add(subscription.filter());
      }
    }
    if (dropped.isEmpty()) {
      return CompletableFuture.completedFuture(stored);
    }
    StoredSession rest =
        new StoredSession(
            stored.present(), kept, stored.released(), stored.received(), stored.sentThrough());
    return ports
        .sessions()
        .subscribe(claim, new SubscriptionChange(List.of(), dropped))
        .thenApply(written -> rest);
  }

  /** A plug-in that never answers must not hold a connection for ever. */
  private <T> CompletableFuture<T> inTime(CompletableFuture<T> answer) {
    return answer.isDone()
        ? answer
        : answer.copy().orTimeout(ports.options().connectTimeoutMillis(), TimeUnit.MILLISECONDS);
  }
}
