package dev.limpet.broker.spi.store;

import java.util.List;

/**
 * Reports how far a connection has come with its session since its last report. Immutable; applying
 * one twice is harmless.
 *
 * @param acknowledged inbox sequences that are done (PUBACK, or PUBREC with an error): forgotten
 * @param released inbox sequences that got PUBREC: the payload is forgotten, the packet id is kept
 * @param completed inbox sequences that got PUBCOMP
 * @param receivedDone packet ids of inbound QoS 2 publications that got PUBREL
 * @param sentThrough highest inbox sequence written to the socket; 0 for none yet
 */
public record Progress(
    List<Long> acknowledged,
    List<Long> released,
    List<Long> completed,
    List<Integer> receivedDone,
    long sentThrough) {

  public Progress {
    acknowledged = List.copyOf(acknowledged);
    released = List.copyOf(released);
    completed = List.copyOf(completed);
    receivedDone = List.copyOf(receivedDone);
  }
}
