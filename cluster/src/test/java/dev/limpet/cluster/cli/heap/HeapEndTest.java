package dev.limpet.cluster.cli.heap;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/**
 * Issue 7, item 4. The kind: a process that can do its work no more, and stays. With streams and an
 * end of the test's own; {@code OutOfMemoryProcessTest} has the real ones.
 */
class HeapEndTest {

  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private final List<Integer> halts = new ArrayList<>();

  @Test
  void the_line_goes_to_terminal_and_log_and_the_process_ends_once() {
    HeapEnd end = new HeapEnd("a", terminal, () -> file, halts::add);
    end.now();
    end.now();
    assertThat(halts).containsExactly(3);
    assertThat(end.isEnding()).isTrue();
    assertThat(terminal.toString(StandardCharsets.UTF_8))
        .startsWith("limpet: node a has run out of memory (heap at most ")
        .contains("exit status 3")
        .endsWith(System.lineSeparator())
        .isEqualTo(file.toString(StandardCharsets.UTF_8));
  }

  @Test
  void a_terminal_that_is_gone_keeps_neither_the_log_from_the_line_nor_the_process_from_its_end() {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int octet) throws IOException {
            throw new IOException("gone");
          }
        };
    new HeapEnd("a", gone, () -> file, halts::add).now();
    assertThat(halts).containsExactly(3);
    assertThat(file.size()).isPositive();
  }

  @Test
  void without_a_log_file_the_process_ends_as_well() {
    new HeapEnd("a", terminal, () -> null, halts::add).now();
    assertThat(halts).containsExactly(3);
  }

  @Test
  void only_the_memory_of_the_jvm_itself_counts() {
    assertThat(HeapEnd.isOutOfMemory(new OutOfMemoryError())).isTrue();
    assertThat(HeapEnd.isOutOfMemory(new OutOfMemoryError("Java heap space"))).isTrue();
    assertThat(HeapEnd.isOutOfMemory(new CompletionException(new OutOfMemoryError()))).isTrue();
    assertThat(HeapEnd.isOutOfMemory(null)).isFalse();
    assertThat(HeapEnd.isOutOfMemory(new IllegalStateException())).isFalse();
    assertThat(
            HeapEnd.isOutOfMemory(
                new OutOfMemoryError("Cannot reserve 1 bytes of direct buffer memory")))
        .isFalse();
  }

  @Test
  void causes_that_go_round_are_not_followed_for_ever() {
    IllegalStateException first = new IllegalStateException();
    IllegalStateException second = new IllegalStateException(first);
    first.initCause(second);
    assertThat(HeapEnd.isOutOfMemory(first)).isFalse();
  }

  /**
   * The kind: one node's end that takes the others with it, by way of an answer that tells of it.
   */
  @Test
  void an_error_that_comes_from_another_node_does_not_end_this_one() {
    HeapEnd end = new HeapEnd("a", terminal, () -> file, halts::add);
    HeapWatch watch = new HeapWatch(end);
    LoggedOutOfMemory logged = new LoggedOutOfMemory(end, watch);
    log(logged, new OutOfMemoryError("Java heap space"));
    assertThat(halts).isEmpty();
    System.gc();
    log(logged, new IllegalStateException());
    assertThat(halts).isEmpty();
    log(logged, new OutOfMemoryError("Java heap space"));
    assertThat(halts).containsExactly(HeapEnd.STATUS);
  }

  private static void log(LoggedOutOfMemory filter, Throwable thrown) {
    Logger logger = new LoggerContext().getLogger("a.library");
    filter.decide(null, logger, Level.DEBUG, "caught {}", new Object[] {1, thrown}, null);
  }
}
