package dev.limpet.store.hazelcast;

import com.hazelcast.map.EntryProcessor;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Changes an entry atomically and idempotently: a repeated run changes nothing and answers the
 * same. Runs on the partition's thread of the owner, then of the backups.
 */
public interface Step<V, A> extends EntryProcessor<String, V, A> {

  /**
   * The result of a step. Immutable.
   *
   * @param changes whether the entry is to be written
   * @param next the value then; null to remove it
   */
  record Outcome<V, A>(A answer, boolean changes, @Nullable V next) {}

  /**
   * Takes the step.
   *
   * @param now null where there is no entry
   */
  Outcome<V, A> on(@Nullable V now);

  @Override
  default A process(Entry<String, V> entry) {
    Outcome<V, A> outcome = on(entry.getValue());
    if (outcome.changes()) {
      entry.setValue(outcome.next());
    }
    return outcome.answer();
  }
}
