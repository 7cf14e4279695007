package dev.limpet.broker.connection.codec;

import dev.limpet.broker.fuzz.FuzzTarget;
import dev.limpet.broker.fuzz.Jazzer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CodecFuzzTest {
  private final FuzzTarget target = FuzzTarget.of(CodecFuzzTarget.class, CodecFuzzTarget.seeds());

  @Test
  void seeds_and_former_findings_hold() {
    target.replay(CodecFuzzTarget::fuzzerTestOneInput);
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.DAYS)
  void a_search_finds_nothing() {
    Jazzer.search(target);
  }
}
