package dev.limpet.broker.unbreakable;

import dev.limpet.broker.TestBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A broker with bystanders, for tests of what hostile clients do to others: nothing. */
abstract class HostileClientTest {
  static TestBroker broker;
  Bystanders bystanders;

  @BeforeAll
  static void start() {
    broker = TestBroker.start();
  }

  @BeforeEach
  void begin() {
    bystanders = new Bystanders(broker.port());
  }

  /** Whoever was hostile is gone, and nobody else is. */
  @AfterEach
  void everybody_else_was_served() {
    broker.awaitConnections(bystanders.count());
    bystanders.close();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }
}
