package dev.limpet.broker;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.solo.HeapRetainedStore;
import dev.limpet.broker.solo.HeapSessionStore;
import dev.limpet.broker.solo.SoloCluster;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.durable.InboxTally;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A whole broker inside a test or an application: one node, on loopback, everything in memory.
 *
 * <pre>{@code
 * try (var broker = EmbeddedBroker.start()) {
 *   connectTo("127.0.0.1", broker.port());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Do not start or close it on an event loop: both wait.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final long WAIT_SECONDS = 30;

  private final Vertx vertx;
  private final Broker broker;
  private final int port;

  private EmbeddedBroker(Vertx vertx, Broker broker, int port) {
    this.vertx = vertx;
    this.broker = broker;
    this.port = port;
  }

  /** Starts on any free port, with the default options, open to everybody on this machine. */
  public static EmbeddedBroker start() {
    return start(0, BrokerOptions.DEFAULTS);
  }

  /**
   * Starts on one port of 127.0.0.1.
   *
   * @param port 1 to 65,535, or 0 for any free one
   * @throws IllegalStateException when it cannot listen there; the message says why
   */
  public static EmbeddedBroker start(int port, BrokerOptions options) {
    Vertx vertx = BrokerVertx.start();
    try {
      Broker broker = new Broker(vertx, options, ports(options));
      await(broker.start().toCompletableFuture());
      return new EmbeddedBroker(vertx, broker, listen(broker, port));
    } catch (RuntimeException e) {
      await(vertx.close().toCompletionStage().toCompletableFuture());
      throw e;
    }
  }

  private static int listen(Broker broker, int port) {
    Future<Integer> bound =
        broker
            .listen(LOOPBACK, port)
            .recover(
                failure ->
                    Future.failedFuture(
                        new IllegalStateException(
                            "cannot listen on %s:%d (%s): free the port, or choose another, 0 for any"
                                .formatted(LOOPBACK, port, failure.getMessage()),
                            failure)));
    return await(bound.toCompletionStage().toCompletableFuture());
  }

  private static BrokerPorts ports(BrokerOptions options) {
    NodeId self = new NodeId("embedded", new SecureRandom().nextLong());
    return new BrokerPorts(
        new SoloCluster(self, System::currentTimeMillis),
        new HeapSessionStore(
            options.inbox(),
            new InboxTally(options.node().inboxMessagesMax(), options.node().inboxBytesMax()),
            System::currentTimeMillis),
        new HeapRetainedStore(
            options.retainedMax(), options.node().retainedBytesMax(), System::currentTimeMillis),
        Authenticator.ANONYMOUS,
        Authorizer.ALLOW_ALL,
        BrokerEvents.NONE,
        new SimpleMeterRegistry(),
        System::currentTimeMillis);
  }

  /** Where clients connect to, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** What a client takes as its server, for example {@code tcp://127.0.0.1:40001}. */
  public String uri() {
    return "tcp://" + LOOPBACK + ":" + port;
  }

  /** How many clients are connected. */
  public int connectionCount() {
    return broker.connectionCount();
  }

  /** Says goodbye to all clients and frees the port. */
  @Override
  public void close() {
    await(broker.stop().toCompletableFuture());
    await(vertx.close().toCompletionStage().toCompletableFuture());
  }

  private static <T> T await(CompletableFuture<T> stage) {
    try {
      return stage.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the broker starts or stops", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IllegalStateException told
          ? told
          : new IllegalStateException("the broker did not start or stop", e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("the broker took longer than " + WAIT_SECONDS + " s", e);
    }
  }
}
