package dev.limpet.broker.spi.durable;

import dev.limpet.broker.mqtt.PublicationId;
import java.util.List;

/**
 * Holds a whole inbox as a value, for serializers. Immutable.
 *
 * @param nextSequence of the next delivery appended
 * @param entries not acknowledged, in order
 * @param released sequences that got PUBREC and not yet PUBCOMP
 * @param recent publications that left the inbox lately, oldest first
 */
public record InboxState(
    long nextSequence, List<StoredEntry> entries, List<Long> released, List<PublicationId> recent) {

  public InboxState {
    entries = List.copyOf(entries);
    released = List.copyOf(released);
    recent = List.copyOf(recent);
  }
}
