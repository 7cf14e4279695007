package dev.limpet.broker.io;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;

/**
 * A lane that runs its tasks when a test says so, on the test's thread; its time stands still but
 * for {@link #advanceMillis}. Confined to its test.
 */
public final class EmbeddedLane {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Lanes lanes = new Lanes(channel.eventLoop());

  public EmbeddedLane() {
    channel.freezeTime();
    run();
  }

  public Lane lane() {
    return lanes.all().get(0);
  }

  /** The lanes of a node that has only this one. */
  public Lanes lanes() {
    return lanes;
  }

  /** Runs all tasks at hand. */
  public void run() {
    channel.runPendingTasks();
  }

  /** Lets time pass and runs what is due. */
  public void advanceMillis(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runPendingTasks();
  }
}
