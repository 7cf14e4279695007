package dev.limpet.broker.spec;

import dev.limpet.broker.TestBroker;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * The tests of a class share one broker, and one instance that holds it. Confined to the thread of
 * its tests.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedBrokerFixture {
  TestBroker broker;

  /** What this class needs of its broker. */
  TestBroker.Setup setup() {
    return new TestBroker.Setup();
  }

  @BeforeAll
  void start() {
    broker = setup().start();
  }

  @AfterAll
  void stop() {
    broker.close();
  }

  RawClient client(ProtocolVersion version) {
    return broker.connect(ConnectSpec.of(version, "client"));
  }
}
