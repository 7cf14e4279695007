package dev.limpet.broker.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Issue 7, item 10, with time a test controls. The kind: a line that is slow is not taken for one
 * that is dead, and nobody stays for ever by being slow.
 */
class KeepAliveClockTest {
  private static final int KEEP_ALIVE_SECONDS = 2;
  private static final long LIMIT_MILLIS = 3_000;

  private final EmbeddedLane lane = new EmbeddedLane();
  private long nowMillis;
  private boolean closed;
  private boolean deaf;

  private KeepAlive keepAlive(boolean countsBytes) {
    KeepAlive keepAlive =
        new KeepAlive(
            lane.lane(),
            () -> TimeUnit.MILLISECONDS.toNanos(nowMillis),
            countsBytes,
            () -> deaf,
            () -> closed = true);
    keepAlive.start(KEEP_ALIVE_SECONDS, Long.MAX_VALUE);
    return keepAlive;
  }

  private void pass(long millis) {
    nowMillis += millis;
    lane.advanceMillis(millis);
  }

  /** Bytes each half second; for how long the connection stood. */
  private long drip(KeepAlive keepAlive, long millisMax) {
    long began = nowMillis;
    while (!closed && nowMillis - began < millisMax) {
      keepAlive.heardPart();
      pass(500);
    }
    return nowMillis - began;
  }

  @Test
  void an_upload_of_several_keep_alives_goes_through_where_bytes_count() {
    KeepAlive keepAlive = keepAlive(true);
    assertThat(drip(keepAlive, 60_000)).isEqualTo(60_000);
    keepAlive.heard();
    assertThat(closed).isFalse();
  }

  @Test
  void it_is_closed_by_the_letter_where_packets_count() {
    assertThat(drip(keepAlive(false), 60_000)).isEqualTo(LIMIT_MILLIS);
  }

  @Test
  void a_packet_that_never_ends_is_closed() {
    assertThat(drip(keepAlive(true), 1_000_000))
        .isBetween(KeepAlive.PART_MILLIS_MIN, KeepAlive.PART_MILLIS_MIN + LIMIT_MILLIS + 500);
  }

  @Test
  void each_packet_has_the_whole_time() {
    KeepAlive keepAlive = keepAlive(true);
    for (int i = 0; i < 5; i++) {
      drip(keepAlive, 100_000);
      keepAlive.heard();
    }
    assertThat(closed).isFalse();
  }

  @Test
  void bytes_that_stop_are_silence() {
    KeepAlive keepAlive = keepAlive(true);
    drip(keepAlive, 10_000);
    pass(LIMIT_MILLIS - 500);
    assertThat(closed).isTrue();
  }

  @Test
  void a_long_keep_alive_has_ten_times_its_silence() {
    KeepAlive keepAlive = keepAlive(true);
    keepAlive.stop();
    KeepAlive longer =
        new KeepAlive(
            lane.lane(),
            () -> TimeUnit.MILLISECONDS.toNanos(nowMillis),
            true,
            () -> false,
            () -> closed = true);
    longer.start(60, Long.MAX_VALUE);
    assertThat(drip(longer, 10_000_000)).isBetween(900_000L, 991_000L);
  }

  @Test
  void while_the_node_makes_the_client_wait_nothing_counts() {
    KeepAlive keepAlive = keepAlive(false);
    deaf = true;
    pass(60_000);
    assertThat(closed).isFalse();
    deaf = false;
    keepAlive.heard();
    pass(LIMIT_MILLIS);
    assertThat(closed).isTrue();
  }
}
