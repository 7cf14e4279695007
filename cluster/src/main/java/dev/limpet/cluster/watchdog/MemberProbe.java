package dev.limpet.cluster.watchdog;

import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.core.LifecycleListener;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows the member's life: merges after a split, and an end that nobody asked for. Told on
 * Hazelcast's threads, asked by the watchdog: thread-safe.
 */
final class MemberProbe implements Probe, LifecycleListener {

  private volatile @Nullable LifecycleState last;
  private volatile int merges;

  @Override
  public synchronized void stateChanged(LifecycleEvent event) {
    switch (event.getState()) {
      case MERGING, MERGE_FAILED -> {
        last = event.getState();
        merges = merges + 1;
      }
      case MERGED -> last = null;
      case SHUTTING_DOWN -> last = event.getState(); // in an orderly end nobody looks any more
      default -> {
        // says nothing of a merge
      }
    }
  }

  @Override
  public Optional<Symptom> look() {
    LifecycleState now = last;
    if (now == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (now) {
          case MERGE_FAILED ->
              symptom(
                  StuckState.MERGE_REFUSED,
                  "After a split the other side did not admit this node.");
          case MERGING ->
              symptom(
                  StuckState.MERGE_UNFINISHED,
                  "This node merges with the other side of a split and does not end.");
          default ->
              symptom(StuckState.MEMBER_DOWN, "The node's part in Hazelcast has ended by itself.");
        });
  }

  private Symptom symptom(StuckState state, String sentence) {
    return Symptom.of(state, merges, sentence);
  }
}
