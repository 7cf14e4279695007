package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * G10: at a node that no fault touches nobody waits for PUBACK or PUBCOMP longer than {@code
 * waitMillis}, the harness's own stalls taken off; a little longer while others are cut off.
 */
final class ShortWaits implements Check {

  private final long waitMillis;
  private final long cutWaitMillis;

  ShortWaits(long waitMillis, long cutWaitMillis) {
    this.waitMillis = waitMillis;
    this.cutWaitMillis = cutWaitMillis;
  }

  @Override
  public List<Violation> check(List<Event> history) {
    Troubles troubles = Troubles.of(history);
    List<Violation> violations = new ArrayList<>();
    for (Wait each : Wait.all(history)) {
      if (each.node().isEmpty() || troubles.touch(each)) {
        continue;
      }
      long millis = each.millis() - troubles.stalledMillis(each);
      if (millis > (troubles.isCut(each) ? cutWaitMillis : waitMillis)) {
        violations.add(tooLong(each, millis));
      }
    }
    return violations;
  }

  private static Violation tooLong(Wait wait, long millis) {
    String sentence = "%s waited %d ms at node %s for the acknowledgement of %s, sent at %d ms";
    Event sent = wait.sent();
    return new Violation(
        "G10",
        sentence.formatted(sent.client(), millis, wait.node(), Message.of(sent), sent.millis()));
  }

  /** The longest wait of the history in milliseconds, whatever was going on. */
  static long longestMillis(List<Event> history) {
    return Wait.all(history).stream()
        .filter(wait -> wait.sent().kind() == Kind.PUBLISH)
        .mapToLong(Wait::millis)
        .max()
        .orElse(0);
  }
}
