package dev.limpet.broker.connection.connected;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Sends the answers to packets handled concurrently in the order of the packets. The owner bounds
 * their number.
 *
 * <p>Confined to its lane.
 */
final class OrderedAnswers {
  private final Queue<Place> waiting = new ArrayDeque<>(2);

  /** Of one packet in the order. */
  static final class Place {
    private @Nullable Runnable answer;

    private Place() {}
  }

  /** A packet begins to wait for its answer. */
  Place begin() {
    Place place = new Place();
    waiting.add(place);
    return place;
  }

  /** Notes that an answer is known, and sends every answer no longer held up by an earlier one. */
  void ready(Place place, Runnable answer) {
    place.answer = answer;
    for (Place next = waiting.peek(); next != null && next.answer != null; next = waiting.peek()) {
      waiting.remove();
      next.answer.run();
    }
  }

  /** Packets without an answer. */
  int size() {
    return waiting.size();
  }
}
