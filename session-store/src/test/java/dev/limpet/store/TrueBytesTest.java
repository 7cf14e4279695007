package dev.limpet.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.store.HeapGrowth.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Issue 7, item 4. The kind: a bound in bytes that counts other bytes than the heap's. What the
 * store says it takes is held against what a heap has grown by that nobody else uses: one of a
 * process of its own.
 */
@Timeout(300)
class TrueBytesTest {
  /** A collection does not find all garbage at once. */
  private static final double TOLERANCE = 0.25;

  /**
   * What a run found.
   *
   * @param heap bytes by which the heap has grown
   * @param said what the store said
   */
  private record Growth(double heap, double said) {}

  @ParameterizedTest
  @ValueSource(ints = {64, 1_024})
  void what_inboxes_take_is_what_they_say(int payloadBytes) throws Exception {
    int messages = 48_000 / (payloadBytes / 64);
    Growth growth = measure(Kind.INBOXES, messages, payloadBytes);
    assertThat(growth.heap() / growth.said()).isBetween(1 - TOLERANCE, 1 + TOLERANCE);
    if (payloadBytes == 64) {
      assertThat(growth.said() / messages).as("bytes of each").isLessThan(250);
    }
  }

  @Test
  void what_sessions_take_is_what_they_say() throws Exception {
    Growth growth = measure(Kind.SESSIONS, 5_000, 0);
    assertThat(growth.heap() / growth.said()).isBetween(1 - 2 * TOLERANCE, 1 + TOLERANCE);
  }

  @Test
  void a_publication_in_many_inboxes_is_there_once() throws Exception {
    int inboxes = 100;
    int publications = 100;
    Growth growth = measure(Kind.SHARED, publications, 4_096);
    assertThat(growth.heap()).isLessThan(publications * 4_096 + publications * inboxes * 100);
  }

  private static Growth measure(Kind kind, int count, int payloadBytes)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElse("java"),
                    "-Xmx512m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    HeapGrowth.class.getName(),
                    kind.name(),
                    Integer.toString(count),
                    Integer.toString(payloadBytes)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      String[] words =
          out.lines()
              .filter(line -> line.startsWith(HeapGrowth.RESULT))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no result in: " + out))
              .split(" ");
      return new Growth(Double.parseDouble(words[1]), Double.parseDouble(words[2]));
    } finally {
      process.destroyForcibly();
    }
  }
}
