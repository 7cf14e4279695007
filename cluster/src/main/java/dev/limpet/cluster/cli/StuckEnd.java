package dev.limpet.cluster.cli;

import dev.limpet.cluster.cli.heap.HeapEnd;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process of a node that is stuck, with one line in the log and exit status {@link
 * #STATUS}, without shutdown hooks: what is stuck would keep an orderly stop from its end. A log
 * that takes no line holds it up for {@value #WORDS_MILLIS_MAX} ms at most. Thread-safe: immutable.
 */
final class StuckEnd implements Consumer<String> {

  /** The status of every node that its supervisor has to start again. */
  static final int STATUS = HeapEnd.STATUS;

  private static final Logger LOG = LoggerFactory.getLogger(StuckEnd.class);
  private static final long WORDS_MILLIS_MAX = 1_000;

  private final String node;
  private final IntConsumer halt;

  /**
   * @param node its name
   * @param halt ends the process with a status, and does not return
   */
  StuckEnd(String node, IntConsumer halt) {
    this.node = node;
    this.halt = halt;
  }

  /** For the node of this process. */
  static StuckEnd ofThisProcess(String node) {
    return new StuckEnd(node, status -> Runtime.getRuntime().halt(status));
  }

  @Override
  public void accept(String sentence) {
    Thread unheard = new Thread(this::haltSoon, "limpet-stuck");
    unheard.setDaemon(true);
    unheard.start();
    LOG.error("node {} is stuck and ends with exit status {}: {}", node, STATUS, sentence);
    halt.accept(STATUS);
  }

  private void haltSoon() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(WORDS_MILLIS_MAX));
    halt.accept(STATUS);
  }
}
