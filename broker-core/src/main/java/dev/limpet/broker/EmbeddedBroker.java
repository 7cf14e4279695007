package dev.limpet.broker;

import dev.limpet.broker.connection.listener.ListenerOptions;
import dev.limpet.broker.connection.listener.ListenerPipeline;
import dev.limpet.broker.events.EventLog;
import dev.limpet.broker.files.FileWatch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a whole broker inside a test or an application: one node, everything in memory.
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
  private static final long WAIT_SECONDS = 30;

  private final Vertx vertx;
  private final FileWatch watch;
  private final Broker broker;
  private final String host;
  private final Map<String, Integer> ports;

  private EmbeddedBroker(
      Vertx vertx, FileWatch watch, Broker broker, String host, Map<String, Integer> ports) {
    this.vertx = vertx;
    this.watch = watch;
    this.broker = broker;
    this.host = host;
    this.ports = ports;
  }

  /** Starts on any free port, with the default options, open to all clients on this machine. */
  public static EmbeddedBroker start() {
    return builder().start();
  }

  /**
   * Starts on one port of 127.0.0.1.
   *
   * @param port 1 to 65,535, or 0 for any free one
   * @throws IllegalStateException when it cannot listen there; the message says why
   */
  public static EmbeddedBroker start(int port, BrokerOptions options) {
    return builder().port(port).options(options).start();
  }

  /** Returns a builder for guards, TLS, listeners and all other options. */
  public static EmbeddedBrokerBuilder builder() {
    return new EmbeddedBrokerBuilder();
  }

  static EmbeddedBroker start(EmbeddedBrokerBuilder told) {
    Vertx vertx = BrokerVertx.start();
    FileWatch watch = new FileWatch();
    try {
      BrokerOptions options = told.bounds();
      EventLog events = new EventLog(System::nanoTime, options.logsConnections());
      Broker broker = new Broker(vertx, options, told.ports(events));
      await(broker.start().toCompletableFuture());
      Map<String, Integer> ports = new LinkedHashMap<>();
      for (EmbeddedBrokerBuilder.Door door : told.listeners()) {
        ListenerPipeline pipeline = pipeline(door.listener(), watch, told, events);
        broker.follow(door.listener().guards());
        ports.put(door.listener().name(), listen(broker, told.boundHost(), door.port(), pipeline));
      }
      return new EmbeddedBroker(vertx, watch, broker, told.boundHost(), ports);
    } catch (RuntimeException e) {
      watch.close();
      await(vertx.close().toCompletionStage().toCompletableFuture());
      throw e;
    }
  }

  private static ListenerPipeline pipeline(
      ListenerOptions listener, FileWatch watch, EmbeddedBrokerBuilder told, EventLog events) {
    try {
      return ListenerPipeline.open(listener, watch, told.meters(), events);
    } catch (IOException e) {
      throw new IllegalStateException(
          "listener \"%s\" cannot be opened: %s; correct its certificate, key or client CA"
              .formatted(listener.name(), e.getMessage()),
          e);
    }
  }

  private static int listen(Broker broker, String host, int port, ListenerPipeline pipeline) {
    Future<Integer> bound =
        broker
            .listen(host, port, pipeline)
            .recover(
                failure ->
                    Future.failedFuture(
                        new IllegalStateException(
                            "cannot listen on %s:%d (%s): free the port, or choose another, 0 for any"
                                .formatted(host, port, failure.getMessage()),
                            failure)));
    return await(bound.toCompletionStage().toCompletableFuture());
  }

  /** Where clients connect to: that of the plain listener, or of the first where there is none. */
  public int port() {
    return ports.values().iterator().next();
  }

  /**
   * Where clients of one listener connect to.
   *
   * @throws IllegalArgumentException when there is none of this name
   */
  public int port(String listener) {
    Integer port = ports.get(listener);
    if (port == null) {
      throw new IllegalArgumentException(
          "no listener is called \"%s\", but %s".formatted(listener, ports.keySet()));
    }
    return port;
  }

  /** Returns the server URI for clients, for example {@code tcp://127.0.0.1:40001}. */
  public String uri() {
    return "tcp://" + host + ":" + port();
  }

  /** How many clients are connected. */
  public int connectionCount() {
    return broker.connectionCount();
  }

  /** Disconnects all clients and frees the port. */
  @Override
  public void close() {
    await(broker.stop().toCompletableFuture());
    watch.close();
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
