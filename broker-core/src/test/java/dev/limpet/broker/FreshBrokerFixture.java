package dev.limpet.broker;

import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Each test has a broker to itself, and a client that publishes to it. Confined to its test. */
abstract class FreshBrokerFixture {
  TestBroker broker;
  RawClient publisher;

  @BeforeEach
  void start() {
    broker = TestBroker.start();
    publisher = broker.connect(ConnectSpec.v5("publisher"));
  }

  @AfterEach
  void stop() {
    publisher.close();
    broker.close();
  }
}
