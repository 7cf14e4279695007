package dev.limpet.broker.connection.attachment;

import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.Ending;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers how connections of this node ended whose claims a newer CONNECT took before they were
 * released, until it asks. It asks within the time of one CONNECT.
 *
 * <p>Thread-safe. Keeps the latest {@link #KEPT_MAX}; of one that is asked for too late the caller
 * assumes that it broke.
 */
final class Endings {
  /** About 150 bytes each; a claim and its release meet once in many thousand connects. */
  static final int KEPT_MAX = 10_000;

  private final Map<Claim, Ending> kept = new LinkedHashMap<>();

  synchronized void remember(Claim claim, Ending ending) {
    kept.put(claim, ending);
    if (kept.size() > KEPT_MAX) {
      kept.remove(kept.keySet().iterator().next());
    }
  }

  /**
   * Returns the answer for the host that took the claim over; it asks once.
   *
   * @param otherwise the answer when nothing is kept
   */
  synchronized Ending take(Claim claim, Ending otherwise) {
    Ending ending = kept.remove(claim);
    return ending == null ? otherwise : ending;
  }

  synchronized int size() {
    return kept.size();
  }
}
