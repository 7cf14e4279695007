package dev.limpet.broker.connection.listener;

import dev.limpet.broker.fuzz.FuzzTarget;
import dev.limpet.broker.fuzz.Jazzer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProxyHeaderFuzzTest {
  private final FuzzTarget target =
      FuzzTarget.of(ProxyHeaderFuzzTarget.class, ProxyHeaderFuzzTarget.seeds());

  @Test
  void seeds_and_former_findings_hold() {
    target.replay(ProxyHeaderFuzzTarget::fuzzerTestOneInput);
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.DAYS)
  void a_search_finds_nothing() {
    Jazzer.search(target);
  }
}
