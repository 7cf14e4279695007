package dev.limpet.broker.access;

import dev.limpet.broker.files.FileWatch;
import dev.limpet.broker.files.Watched;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Access rules from a file, in the manner of mosquitto:
 *
 * <pre>
 * # for clients without a user name
 * topic read public/#
 *
 * user alice
 * topic readwrite house/#
 * topic deny house/safe
 *
 * # for every client; %c is its client id and %u its user name, each alone in its level
 * pattern readwrite clients/%c/#
 * </pre>
 *
 * <p>{@code read}, {@code write}, {@code readwrite} (the default for a filter without spaces) or
 * {@code deny}. A deny wins over everything, wherever it stands; topics that no rule names are left
 * to the next authorizer. A client id or user name that holds {@code +}, {@code #} or {@code /}
 * gains nothing by a pattern. {@link Subscriptions} says what a subscription needs.
 *
 * <p>Thread-safe; answers at once. Changes of the file count from the next question on.
 */
public final class AccessFile implements Authorizer {
  /** How the filter of a subscription is checked. */
  public enum Subscriptions {
    /**
     * As in mosquitto: grants every subscription, even one whose topics no rule allows, and filters
     * deliveries. So no filter is left to the next authorizer, but each delivery is, and the next
     * one has to answer that at once.
     */
    FILTERED,
    /** One rule covers the whole filter and no deny touches it; else it is refused. */
    COVERED
  }

  private final Watched<AccessRules> rules;
  private final Subscriptions subscriptions;

  private AccessFile(Watched<AccessRules> rules, Subscriptions subscriptions) {
    this.rules = rules;
    this.subscriptions = subscriptions;
  }

  /** {@link #open(Path, FileWatch, Subscriptions)} with filtered subscriptions. */
  public static AccessFile open(Path file, FileWatch watch) throws IOException {
    return open(file, watch, Subscriptions.FILTERED);
  }

  /**
   * Reads the file, now and when it changes. Blocks.
   *
   * @throws IOException when it cannot be used; the message names file and line
   */
  public static AccessFile open(Path file, FileWatch watch, Subscriptions subscriptions)
      throws IOException {
    return new AccessFile(
        watch.watch(List.of(file), files -> AccessRulesReader.read(file)), subscriptions);
  }

  @Override
  public CompletableFuture<Decision> mayPublish(ClientIdentity client, TopicName topic) {
    return rules.get().decide(client, topic.value(), AccessRule.Kind.WRITE).now();
  }

  @Override
  public CompletableFuture<Decision> maySubscribe(ClientIdentity client, SharedFilter filter) {
    String text = filter.filter().value();
    AccessRules now = rules.get();
    Decision decision =
        subscriptions == Subscriptions.FILTERED
            ? now.decideFiltered(client, text)
            : now.decide(client, text, AccessRule.Kind.READ);
    return decision.now();
  }

  @Override
  public CompletableFuture<Decision> mayReceive(ClientIdentity client, TopicName topic) {
    return rules.get().decide(client, topic.value(), AccessRule.Kind.READ).now();
  }

  @Override
  public void onChange(Runnable listener) {
    rules.onChange(listener);
  }
}
