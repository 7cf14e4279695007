package dev.limpet.cluster.sim;

import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.SessionCell;
import dev.limpet.cluster.directory.ClaimCell;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One node's copy of a partition: claims and sessions by client id. */
final class Replica {

  /** What a partition holds of a client id. */
  static final class Entry {
    @Nullable DurableSession session;
    ClaimCell claim = ClaimCell.EMPTY;

    /** A write by the real rules. */
    <T> T write(Function<SessionCell, T> rule) {
      SessionCell cell = new SessionCell(session);
      T answer = rule.apply(cell);
      session = cell.session();
      return answer;
    }

    /** A step of the directory. */
    <T> T step(Function<ClaimCell, ClaimCell.Step<T>> rule) {
      ClaimCell.Step<T> taken = rule.apply(claim);
      claim = taken.next();
      return taken.answer();
    }
  }

  final Map<String, Entry> entries = new TreeMap<>();
  long version;

  Entry of(String clientId) {
    return entries.computeIfAbsent(clientId, id -> new Entry());
  }

  Replica copy() {
    Replica copy = new Replica();
    copy.version = version;
    entries.forEach(
        (id, entry) -> {
          Entry copied = copy.of(id);
          copied.claim = entry.claim;
          copied.session = entry.session == null ? null : DurableSession.of(entry.session.state());
        });
    return copy;
  }
}
