package dev.limpet.cluster.clock;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last round trips to one peer, at most {@value #SAMPLES_MAX}. Thread-safe: its own lock.
 */
final class PeerSamples {
  static final int SAMPLES_MAX = 8;

  private final Deque<ClockSample> samples = new ArrayDeque<>();

  synchronized void add(ClockSample sample) {
    samples.addFirst(sample);
    if (samples.size() > SAMPLES_MAX) {
      samples.removeLast();
    }
  }

  /** The last one. */
  synchronized Optional<ClockSample> last() {
    return Optional.ofNullable(samples.peekFirst());
  }

  /**
   * The quickest of those that agree with the last one: its error is the smallest. A peer whose
   * time was corrected meanwhile is seen at once.
   */
  synchronized Optional<ClockSample> best() {
    @Nullable ClockSample last = samples.peekFirst();
    return samples.stream()
        .filter(each -> last != null && each.agreesWith(last))
        .min(Comparator.comparingLong(ClockSample::roundTripMillis));
  }
}
