package dev.limpet.broker.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.routing.replay.PeerReplays;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.cluster.NotHomeException;
import dev.limpet.broker.spi.cluster.ReplayStep.Begin;
import dev.limpet.broker.spi.cluster.ReplayStep.Draw;
import dev.limpet.broker.spi.cluster.ReplayStep.End;
import dev.limpet.broker.spi.cluster.ReplayStep.Page;
import dev.limpet.broker.spi.store.NodeFullException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A home never waits for a host longer than it must, and keeps no more of it than it may. */
class PeerReplaysTest extends RoutingFixture {
  private static final int BYTES_MAX = 10_000;

  private final PeerReplays replays =
      new PeerReplays(ports, router.inboxReplays(), router.settling(), BYTES_MAX);
  private final ClientId client = durableSession("c", "t/#", Qos.AT_LEAST_ONCE);

  @Test
  void what_is_published_waits_for_what_was_found() {
    Page first = new Page(1, List.of(old("t/w")), false);
    Page last = new Page(1, List.of(old("t/x")), true);
    begin(1);
    CompletableFuture<Void> safe = route("t/x", "new", Qos.AT_LEAST_ONCE);
    assertThat(safe).isNotDone();
    assertThat(gauge("limpet.retained.appends.waiting")).isEqualTo(1);
    CompletableFuture<Void> drawn = replays.step(B, new Draw(1));
    embedded.run();
    Samples.await(drawn);
    Samples.await(replays.step(B, first));
    assertThat(safe).isNotDone();
    Samples.await(replays.step(B, last));
    embedded.run();
    assertThat(safe).isDone();
    assertThat(inbox(client)).containsExactlyInAnyOrder("old t/w", "old t/x", "new");
    assertThat(inbox(client).indexOf("old t/x")).isLessThan(inbox(client).indexOf("new"));
    assertNothingIsKept();
  }

  @Test
  void nothing_waits_when_the_subscription_brings_nothing() {
    begin(1);
    CompletableFuture<Void> safe = route("t/x", "new", Qos.AT_LEAST_ONCE);
    Samples.await(replays.step(B, new End(1)));
    assertThat(safe).isDone();
    assertThat(inbox(client)).containsExactly("new");
    assertNothingIsKept();
  }

  @Test
  void nothing_waits_for_a_host_that_left() {
    begin(1);
    CompletableFuture<Void> safe = route("t/x", "new", Qos.AT_LEAST_ONCE);
    replays.left(C);
    assertThat(safe).isNotDone();
    replays.left(B);
    assertThat(safe).isDone();
    assertNothingIsKept();
  }

  @Test
  void nothing_waits_for_ever_for_a_host_that_is_silent() {
    begin(1);
    Samples.await(replays.step(B, new Page(1, List.of(old("t/x")), false)));
    CompletableFuture<Void> safe = route("t/x", "new", Qos.AT_LEAST_ONCE);
    embedded.advanceMillis(9_999);
    assertThat(safe).isNotDone();
    embedded.advanceMillis(1);
    assertThat(safe).isDone();
    assertNothingIsKept();
    assertThatThrownBy(() -> replays.step(B, new Page(1, List.of(), true)))
        .hasMessageContaining("has ended");
  }

  @Test
  void a_host_that_sends_too_much_is_refused_and_nothing_waits_for_it() {
    begin(1);
    CompletableFuture<Void> safe = route("t/x", "new", Qos.AT_LEAST_ONCE);
    Page page =
        new Page(1, List.of(publication("t/y", "y".repeat(BYTES_MAX), Qos.AT_LEAST_ONCE)), false);
    assertThat(replays.step(B, page))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(NodeFullException.class);
    assertThat(safe).isDone();
    assertNothingIsKept();
  }

  @Test
  void only_the_home_holds_back() {
    home = C;
    assertThat(
            replays.step(B, new Begin(1, client, Samples.subscription("t/#", Qos.AT_LEAST_ONCE))))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(NotHomeException.class);
  }

  private void begin(long number) {
    Samples.await(
        replays.step(B, new Begin(number, client, Samples.subscription("t/#", Qos.AT_LEAST_ONCE))));
  }

  private Publication old(String topic) {
    return publication(topic, "old " + topic, Qos.AT_LEAST_ONCE);
  }

  private void assertNothingIsKept() {
    assertThat(gauge("limpet.retained.appends.waiting")).isZero();
    assertThat(gauge("limpet.retained.replays.bytes")).isZero();
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }
}
