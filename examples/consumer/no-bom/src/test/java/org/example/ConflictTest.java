package org.example;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.limpet.broker.EmbeddedBroker;
import org.junit.jupiter.api.Test;

/** Maven takes Netty 4.1 from the client here; Limpet says so, and what helps. */
class ConflictTest {

  @Test
  void the_conflict_and_its_cure_are_one_sentence() {
    String said = assertThrows(IllegalStateException.class, EmbeddedBroker::start).getMessage();
    assertTrue(said.startsWith("netty-common 4.1."), said);
    assertTrue(said.contains("netty-common-4.1."), said);
    assertTrue(said.contains("import dev.limpet:limpet-parent:"), said);
  }
}
