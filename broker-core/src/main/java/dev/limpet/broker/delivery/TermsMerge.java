package dev.limpet.broker.delivery;

import dev.limpet.broker.mqtt.Subscription;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Merges matching subscriptions by the session they belong to. Used once for each plan, by one
 * thread.
 *
 * @param <K> the key of a session
 */
public final class TermsMerge<K> {

  /** Terms of a session: for others' publications, and for its own ("No Local" [MQTT-3.8.3-3]). */
  public record Merged(@Nullable DeliveryTerms ofOthers, @Nullable DeliveryTerms ofItself) {
    private static final Merged NOTHING = new Merged(null, null);

    private Merged and(Subscription subscription) {
      DeliveryTerms others = merge(ofOthers, subscription);
      DeliveryTerms own = subscription.noLocal() ? ofItself : merge(ofItself, subscription);
      return new Merged(others, own);
    }

    private static DeliveryTerms merge(@Nullable DeliveryTerms terms, Subscription subscription) {
      return terms == null ? DeliveryTerms.of(subscription) : terms.and(subscription);
    }
  }

  private final Map<K, Merged> bySession = new LinkedHashMap<>();

  public void add(K session, Subscription subscription) {
    Merged before = bySession.getOrDefault(session, Merged.NOTHING);
    bySession.put(session, before.and(subscription));
  }

  public void forEach(BiConsumer<? super K, ? super Merged> visitor) {
    bySession.forEach(visitor);
  }
}
