package dev.limpet.cluster.watchdog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Gives each of some threads a task that does nothing, the next once it has been run. Its tasks run
 * on these threads; all else is confined to the watchdog.
 */
final class ThreadProbe implements Probe {

  private final StuckState state;
  private final List<Pulse> pulses = new ArrayList<>();

  ThreadProbe(StuckState state) {
    this.state = state;
  }

  /**
   * Adds a thread.
   *
   * @param words for it, as in "the event loop 3"
   * @param thread runs a task on it
   */
  ThreadProbe and(String words, Executor thread) {
    pulses.add(new Pulse(words, thread));
    return this;
  }

  @Override
  public Optional<Symptom> look() {
    Pulse silent = null;
    for (Pulse pulse : pulses) {
      silent = !pulse.beats() && silent == null ? pulse : silent;
    }
    return Optional.ofNullable(silent)
        .map(
            each ->
                Symptom.of(state, each.words + each.sent, "Nothing runs on " + each.words + "."));
  }

  /** Whether every thread has run what it got last. */
  boolean haveAllAnswered() {
    return pulses.stream().allMatch(Pulse::hasAnswered);
  }

  /** One thread. */
  private static final class Pulse {
    private final String words;
    private final Executor thread;
    private long sent;
    private volatile long answered;

    Pulse(String words, Executor thread) {
      this.words = words;
      this.thread = thread;
    }

    boolean hasAnswered() {
      return answered >= sent;
    }

    /** Whether it has answered; then it is asked again. */
    boolean beats() {
      if (!hasAnswered()) {
        return false;
      }
      long next = ++sent;
      try {
        thread.execute(() -> answered = next);
      } catch (RejectedExecutionException e) {
        answered = next; // it has been closed in order
      }
      return true;
    }
  }
}
