package dev.limpet.store.partition;

import com.hazelcast.core.HazelcastInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Listens to the effects of writes on the inboxes of this member, each where it ran. Called on the
 * thread of the partition.
 */
public interface InboxChanges {
  /** Where operations on a member find who hears of them. */
  String CONTEXT_KEY = "limpet.inboxes";

  /** Returns the listener to the writes of a member; null while there is none. */
  static @Nullable InboxChanges of(HazelcastInstance member) {
    return (InboxChanges) member.getUserContext().get(CONTEXT_KEY);
  }

  /** Writes have changed inboxes of a partition that this member owns. */
  void changed(int partition, List<InboxChange> changes);

  /** The same for one of which it keeps a copy. */
  void copied(int partition, List<InboxChange> changes);
}
