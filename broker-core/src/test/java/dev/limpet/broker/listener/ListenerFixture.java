package dev.limpet.broker.listener;

import dev.limpet.broker.TestBroker;
import dev.limpet.broker.connection.listener.ListenerOptions;
import dev.limpet.broker.connection.listener.ListenerPipeline;
import dev.limpet.broker.files.FileWatch;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Samples;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A broker with listeners of all kinds, which remembers who came. Confined to its test. */
final class ListenerFixture implements AutoCloseable {
  static final String NAME = "test";

  final Queue<ClientIdentity> seen = new ConcurrentLinkedQueue<>();
  private final FileWatch watch = new FileWatch();
  private final TestBroker broker =
      new TestBroker.Setup()
          .authorizer(Authorizer.ALLOW_ALL)
          .events(
              new BrokerEvents() {
                @Override
                public void connected(Claim claim, ClientIdentity client) {
                  seen.add(client);
                }
              })
          .start();

  /** Opens one more listener and answers its port. */
  int open(ListenerOptions options) {
    try {
      ListenerPipeline pipeline = ListenerPipeline.open(options, watch, broker.registry);
      return Samples.await(broker.broker().listen("127.0.0.1", 0, pipeline).toCompletionStage());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  int plainPort() {
    return broker.port();
  }

  double refused(String reason) {
    var counter = broker.registry.find("limpet.listener.refused").tag("reason", reason).counter();
    return counter == null ? 0 : counter.count();
  }

  double connections() {
    return broker.registry.get("limpet.listener.connections").gauge().value();
  }

  /** Sockets that have not sent CONNECT. */
  double waiting() {
    return broker.registry.get("limpet.listener.handshakes").gauge().value();
  }

  @Override
  public void close() {
    broker.close();
    watch.close();
  }
}
