package dev.limpet.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

/**
 * Issue 7, item 21. The kind: a start waits for what it need not, or does twice what it could do
 * once, as the partitions are dealt out before the nodes that start at the same time have joined.
 */
class StartingPeersTest {
  private static final List<String> THREE = List.of("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3");

  private final List<InetSocketAddress> tried = new ArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();

  private StartingPeers answering(List<String> join, Integer... ports) {
    return new StartingPeers(
        join,
        peer -> {
          tried.add(peer);
          return List.of(ports).contains(peer.getPort());
        });
  }

  /** One more at each look, up to a number. */
  private IntSupplier growingTo(int max) {
    return () -> Math.min(max, asked.incrementAndGet());
  }

  @Test
  void partitions_are_dealt_out_when_all_that_answer_are_members() {
    answering(THREE, 1, 2, 3).await(growingTo(3));
    assertThat(asked).hasValue(3);
  }

  @Test
  void who_does_not_answer_is_not_waited_for() {
    answering(THREE, 1, 3).await(growingTo(2));
    assertThat(asked).hasValue(2);
    answering(THREE, 1).await(() -> 1);
    assertThat(tried).hasSize(6);
  }

  @Test
  void nobody_is_tried_when_the_others_are_members_already() {
    answering(THREE).await(() -> 3);
    answering(List.of("127.0.0.1:1", "127.0.0.1:1")).await(() -> 1);
    answering(List.of()).await(() -> 1);
    answering(List.of("127.0.0.1", "nameless:")).await(() -> 1);
    assertThat(tried).isEmpty();
  }

  @Test
  void one_that_answers_and_never_joins_is_not_waited_for_much_longer_than_the_bound() {
    long start = System.nanoTime();
    answering(THREE, 1, 2).await(() -> 1);
    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(StartingPeers.WAIT_MILLIS_MAX);
  }

  @Test
  void an_open_port_answers_and_a_closed_one_does_not() throws Exception {
    int closed;
    try (ServerSocket open = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        closed = other.getLocalPort();
      }
      List<String> join =
          List.of("127.0.0.1:" + open.getLocalPort(), "127.0.0.1:" + closed, "nobody.invalid:1");
      new StartingPeers(join).await(growingTo(1)); // one answers, one is there
      assertThat(asked).hasValue(2);
    }
  }
}
