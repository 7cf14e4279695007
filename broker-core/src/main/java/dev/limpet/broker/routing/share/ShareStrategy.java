package dev.limpet.broker.routing.share;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Chooses how a share group picks the member that gets a publication (MQTT 5.0 section 4.8.2 leaves
 * it to servers). A node picks among its own members and the peers that have some; a peer then
 * picks among its own in the same way. Peers are weighted roughly by their members, except for
 * hashes, which treat all nodes alike. Connected members precede disconnected durable ones in every
 * strategy.
 */
public enum ShareStrategy {
  /** One after the other, in the order each publishing node has of its own. The default. */
  ROUND_ROBIN,
  /** Any, each as likely as the others. */
  RANDOM,
  /** Members on the publisher's node, one after the other; others only when it has none. */
  LOCAL_FIRST,
  /** One member of each publishing node's choice, until that one leaves. */
  STICKY,
  /** The same member for all publications of a client id while the group does not change. */
  CLIENT_HASH,
  /** The same member for all publications to a topic while the group does not change. */
  TOPIC_HASH;

  /** As written by operators: {@code round-robin}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The strategy with this word. */
  public static Optional<ShareStrategy> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }

  /** All words, in the order of the constants. */
  public static List<String> words() {
    return Arrays.stream(values()).map(ShareStrategy::word).toList();
  }
}
