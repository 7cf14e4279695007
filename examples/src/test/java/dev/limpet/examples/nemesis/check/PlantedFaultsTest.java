package dev.limpet.examples.nemesis.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.examples.nemesis.history.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What clients see of a broker that has a certain fault, and that the checker names the promise.
 */
class PlantedFaultsTest {

  private static final Checker CHECKER = new Checker(Limits.PROMISED);
  private static final String TOPIC = "m/0/p";

  private static List<String> broken(Story story) {
    return CHECKER.check(story.events()).stream().map(Violation::promise).distinct().toList();
  }

  /** A durable client, and message 1, which came. */
  private static Story good() {
    return new Story()
        .connect("p", 99, "a direct")
        .accepted("p", 99, false, false)
        .durable("d", 1, "m/0/#", 2)
        .publish(TOPIC, 2, 1)
        .acked(TOPIC, 2, 1)
        .received("d", TOPIC, 2, 1);
  }

  @Test
  void a_broker_without_fault_is_innocent() {
    assertThat(broken(good())).isEmpty();
    assertThat(
            broken(
                good()
                    .fault("b", 1)
                    .healed(1)
                    .closed("d", 1, "peer")
                    .connect("d", 2, "b sticky")
                    .accepted("d", 2, true, true)
                    .publish(TOPIC, 2, 2)
                    .acked(TOPIC, 2, 2)
                    .again("d", TOPIC, 2, 2)
                    .calm()
                    .agreed()))
        .isEmpty();
  }

  /** The host that was evicted goes on: its client lives on beside the newer one. */
  @Test
  void fencing_is_skipped_and_both_connections_live() {
    Story story =
        new Story()
            .connect("c", 1, "a")
            .accepted("c", 1, false, false)
            .fault("a", 1)
            .connect("c", 2, "b")
            .accepted("c", 2, false, false)
            .healed(1)
            .pass(12_000)
            .ping("c", 1, 1)
            .ping("c", 2, 1)
            .pong("c", 1, 1)
            .pong("c", 2, 1);
    assertThat(broken(story)).containsExactly("G1");
  }

  /** The host that was evicted goes on: its late write brings a message back that was done. */
  @Test
  void fencing_is_skipped_and_a_message_comes_again() {
    Story story =
        good()
            .closed("d", 1, "peer")
            .connect("d", 2, "b sticky")
            .accepted("d", 2, true, true)
            .received("d", TOPIC, 2, 1);
    assertThat(broken(story)).containsExactly("G5");
  }

  /** A publisher that sends again what got no answer reaches the next session of a clean client. */
  @Test
  void another_session_may_get_it_again() {
    Story story =
        new Story()
            .connect("t", 1, "a sticky")
            .accepted("t", 1, false, false)
            .receivedOn("t", 1, TOPIC, 7)
            .closed("t", 1, "peer")
            .connect("t", 2, "b sticky")
            .accepted("t", 2, false, false)
            .receivedOn("t", 2, TOPIC, 7);
    assertThat(broken(story)).isEmpty();
    assertThat(broken(story.receivedOn("t", 2, TOPIC, 7))).containsExactly("G5");
  }

  @Test
  void the_backup_is_skipped_and_a_kill_takes_message_and_session() {
    Story story =
        good()
            .publish(TOPIC, 2, 2)
            .acked(TOPIC, 2, 2)
            .fault("a", 1)
            .healed(1)
            .closed("d", 1, "peer")
            .connect("d", 2, "b sticky")
            .accepted("d", 2, true, false);
    assertThat(broken(story)).containsExactly("G2", "G7");
  }

  @Test
  void acknowledged_early_and_a_kill_takes_the_message() {
    Story story =
        good()
            .publish(TOPIC, 1, 2)
            .acked(TOPIC, 1, 2)
            .closed("d", 1, "peer")
            .connect("d", 2, "b sticky")
            .accepted("d", 2, true, true);
    assertThat(broken(story)).containsExactly("G2");
  }

  @Test
  void a_route_is_forgotten_and_the_client_is_deaf() {
    Story story =
        good().calm().agreed().publish("probe/t/probe-b", 1, 7).acked("probe/t/probe-b", 1, 7);
    assertThat(broken(story)).containsExactly("G12");
    assertThat(broken(good().publish(TOPIC, 1, 2).acked(TOPIC, 1, 2))).containsExactly("G2");
  }

  @Test
  void an_empty_session_replaces_a_full_one() {
    Story story =
        good()
            .closed("d", 1, "peer")
            .publish(TOPIC, 1, 2)
            .acked(TOPIC, 1, 2)
            .fault("c", 1)
            .connect("d", 2, "c sticky")
            .accepted("d", 2, true, false)
            .healed(1);
    assertThat(broken(story)).containsExactly("G2", "G7");
  }

  @Test
  void a_will_is_published_by_both_sides() {
    Story story =
        watched()
            .will("w", 5)
            .received("wills", "will/w", 2, 5)
            .closed("w", 5, "peer")
            .received("wills", "will/w", 2, 5);
    assertThat(broken(story)).containsExactly("G5", "G6");
  }

  @Test
  void a_will_is_never_published() {
    assertThat(broken(watched().will("w", 5).closed("w", 5, "drop"))).containsExactly("G6");
    assertThat(broken(watched().will("w", 5).closed("w", 5, "peer"))).containsExactly("G6");
  }

  @Test
  void a_cancelled_will_is_published() {
    Story calm = watched().pass(10_000).will("w", 5).closed("w", 5, "goodbye");
    assertThat(broken(calm.received("wills", "will/w", 2, 5))).containsExactly("G6");
    Story fault = watched().will("w", 5).fault("a", 1).closed("w", 5, "goodbye");
    assertThat(broken(fault.received("wills", "will/w", 2, 5))).isEmpty();
  }

  private static Story watched() {
    return new Story().durable("wills", 2, "will/#", 2);
  }

  @Test
  void a_message_overtakes_another() {
    Story story =
        good()
            .publish(TOPIC, 2, 2)
            .publish(TOPIC, 2, 3)
            .received("d", TOPIC, 2, 3)
            .received("d", TOPIC, 2, 2);
    assertThat(broken(story)).containsExactly("G4");
  }

  @Test
  void a_session_is_made_up() {
    Story story = new Story().connect("d", 1, "a sticky").accepted("d", 1, true, true);
    assertThat(broken(story)).containsExactly("G7");
    Story clean = good().connect("t", 3, "a").accepted("t", 3, false, true);
    assertThat(broken(clean)).containsExactly("G7");
  }

  @Test
  void a_silent_node_stalls_the_clients_of_another() {
    Story waiting = good().fault("b", 1).publish("m/9/p", 1, 2).pass(7_000);
    assertThat(broken(waiting.acked("m/9/p", 1, 2).healed(1))).containsExactly("G10");
    Story touched = good().fault("a", 1).publish("m/9/p", 1, 2).pass(7_000);
    assertThat(broken(touched.acked("m/9/p", 1, 2).healed(1))).isEmpty();
    Story stalled = good().fault("b", 1).publish("m/9/p", 1, 2).pass(7_000).stalled(2_000);
    assertThat(broken(stalled.acked("m/9/p", 1, 2).healed(1))).isEmpty();
  }

  @Test
  void the_nodes_do_not_agree_or_end() {
    assertThat(broken(good().calm())).containsExactly("G12");
    Story late = good().fault("a", 1).healed(1).calm().pass(31_000).agreed();
    assertThat(broken(late)).containsExactly("G12");
    assertThat(broken(good().exited("b", 1).calm().agreed())).containsExactly("G12");
    assertThat(broken(good().exited("b", 3).calm().agreed())).isEmpty();
  }

  @Test
  void a_share_group_loses_a_message() {
    String filter = "$share/g/m/0/#";
    Story story =
        new Story()
            .durable("s", 1, filter, 1)
            .durable("t", 2, filter, 1)
            .publish(TOPIC, 1, 1)
            .acked(TOPIC, 1, 1)
            .publish(TOPIC, 1, 2)
            .acked(TOPIC, 1, 2)
            .received("t", TOPIC, 1, 2);
    List<Event> events = story.events();
    assertThat(CHECKER.check(events))
        .extracting(Violation::toString)
        .containsExactly("G2: " + filter + " never got m/0/p 1, acknowledged at 80 ms");
    assertThat(Checker.missing(events)).isEqualTo(1);
  }
}
