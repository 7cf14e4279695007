package dev.limpet.broker.spec;

import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Each test has a client that publishes, and leaves nobody connected. */
abstract class PublisherFixture extends SharedBrokerFixture {
  RawClient publisher;

  @BeforeEach
  void connect() {
    publisher = broker.connect(ConnectSpec.v5("publisher"));
  }

  @AfterEach
  void disconnect() {
    publisher.close();
    broker.awaitConnections(0);
  }
}
