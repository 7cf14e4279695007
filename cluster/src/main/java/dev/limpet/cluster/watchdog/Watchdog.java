package dev.limpet.cluster.watchdog;

import dev.limpet.cluster.watchdog.StuckJudge.Deed;
import dev.limpet.cluster.watchdog.StuckJudge.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the parts of a node every {@value #TICK_MILLIS} ms, heals what is stuck, and tells who
 * has to end the node when that was in vain.
 *
 * <p>Thread-safe: one thread looks and judges; others see one volatile value and counts.
 */
public final class Watchdog implements AutoCloseable {

  static final int TICK_MILLIS = 1_000;

  /** After so many ticks a standstill is told, also where nothing heals it. */
  private static final int TELL_TICKS = 5;

  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

  private final String node;
  private final Map<StuckState, Probe> probes;
  private final Consumer<String> end;
  private final FairTicks ticks = FairTicks.ofThisProcess();
  private final StuckJudge judge = new StuckJudge();
  private final Map<StuckState, Integer> lasted = new EnumMap<>(StuckState.class);
  private final Counter starved;
  private final Map<StuckState, Counter> heals = new EnumMap<>(StuckState.class);
  private final Thread thread;
  private volatile List<Symptom> symptoms = List.of();
  private final Stalls stalls = new Stalls(System::nanoTime);
  private volatile boolean closed;

  /**
   * A watchdog that does not look yet.
   *
   * @param node its name, for threads and sentences
   * @param end gets the sentence that says what was stuck, once, on the watchdog's thread
   */
  Watchdog(
      String node, Map<StuckState, Probe> probes, Consumer<String> end, MeterRegistry registry) {
    this.node = node;
    this.probes = new EnumMap<>(probes);
    this.end = end;
    this.thread = new Thread(this::run, "limpet-watchdog-" + node);
    thread.setDaemon(true);
    thread.setPriority(Thread.MAX_PRIORITY);
    this.starved =
        Counter.builder("limpet.watchdog.starved")
            .description("Seconds in which something stood still and the process lacked CPU")
            .register(registry);
    for (StuckState state : probes.keySet()) {
      heals.put(
          state,
          Counter.builder("limpet.watchdog.heals")
              .description("Times the node tried to heal a part that did not go on")
              .tag("state", state.word())
              .register(registry));
      Gauge.builder("limpet.watchdog.stuck", () -> lasted(state))
          .description("Seconds with CPU for which a part of the node has not gone on")
          .tag("state", state.word())
          .register(registry);
    }
  }

  /** Looks from now on. */
  public void start() {
    thread.start();
  }

  /** What has stood still for long enough that the node tries to heal it, in sentences. */
  public List<String> sentences() {
    return symptoms.stream()
        .filter(each -> lasted(each.state()) >= Math.min(each.state().healTicks(), TELL_TICKS))
        .map(Symptom::sentence)
        .toList();
  }

  /**
   * How long the process did not run, in milliseconds, if it was {@value Stalls#STALL_MILLIS} or
   * more and has ended no longer ago than that; otherwise 0.
   */
  public long stallMillis() {
    return stalls.millis();
  }

  private synchronized int lasted(StuckState state) {
    return lasted.getOrDefault(state, 0);
  }

  private void run() {
    boolean ended = false;
    long due = System.nanoTime();
    while (!closed && !ended) {
      due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
      sleepUntil(due);
      if (!closed) {
        ended = tick(due);
      }
    }
  }

  private static void sleepUntil(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        return;
      }
    }
  }

  /** Returns whether the node ends. */
  private boolean tick(long due) {
    List<Symptom> now = look();
    boolean fair = now.isEmpty() || ticks.isFair(due);
    if (!fair) {
      starved.increment();
    }
    List<Verdict> verdicts = judge.tick(now, fair);
    symptoms = now;
    stalls.looked();
    synchronized (this) {
      for (StuckState state : probes.keySet()) {
        lasted.put(state, judge.ticks(state));
      }
    }
    Optional<Verdict> last = verdicts.stream().filter(each -> each.deed() == Deed.END).findFirst();
    if (last.isPresent()) {
      end(last.get().symptom());
      return true;
    }
    verdicts.forEach(each -> heal(each.symptom()));
    return false;
  }

  private List<Symptom> look() {
    List<Symptom> seen = new ArrayList<>();
    for (Probe probe : probes.values()) {
      try {
        probe.look().ifPresent(seen::add);
      } catch (RuntimeException e) {
        LOG.debug("The watchdog could not look: the node stops", e);
      }
    }
    return seen;
  }

  private void heal(Symptom symptom) {
    StuckState state = symptom.state();
    LOG.warn(
        "Node {} is stuck ({}) for {} s and tries to heal: {}",
        node,
        state.word(),
        judge.ticks(state),
        symptom.sentence());
    Counter count = heals.get(state);
    Probe probe = probes.get(state);
    if (count == null || probe == null) {
      return;
    }
    count.increment();
    Thread healer = new Thread(() -> heal(state, probe), "limpet-heal-" + node);
    healer.setDaemon(true);
    healer.start();
  }

  private void heal(StuckState state, Probe probe) {
    try {
      probe.heal();
    } catch (RuntimeException e) {
      LOG.warn("Node {} could not heal ({})", node, state.word(), e);
    }
  }

  private void end(Symptom symptom) {
    String sentence =
        "%s This has lasted for %d s (%s)."
            .formatted(symptom.sentence(), judge.ticks(symptom.state()), symptom.state().word());
    end.accept(sentence);
  }

  /** Looks no more. Does not wait. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    thread.interrupt();
  }
}
