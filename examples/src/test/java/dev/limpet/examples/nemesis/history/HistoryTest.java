package dev.limpet.examples.nemesis.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

  @TempDir private Path folder;

  @Test
  void what_is_written_can_be_read() throws IOException {
    Path file = folder.resolve("history");
    try (History history = new History(file)) {
      history.record(Event.of(Kind.CONNECT, "c").on(7).noting("a sticky"));
      history.record(Event.of(Kind.RECEIVED, "c").on(7).about("m/0/p", 2).number(12));
      history.record(Event.of(Kind.END, ""));
      history.close();
      assertThat(History.read(file)).isEqualTo(history.events()).hasSize(3);
    }
  }

  @Test
  void other_files_are_refused() {
    assertThatThrownBy(() -> Event.parse("once upon a time"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("once upon a time");
  }

  @Test
  void waiting_ends_with_the_condition_or_the_time() {
    try (History history = new History(folder.resolve("other"))) {
      assertThat(history.await(60_000, () -> true)).isTrue();
      assertThat(history.await(60, () -> false)).isFalse();
      history.pass(20);
      assertThat(history.millis()).isGreaterThanOrEqualTo(80);
    }
  }
}
