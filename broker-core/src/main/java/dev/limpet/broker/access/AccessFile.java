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
 * {@code deny}. A deny wins over everything, wherever it stands; what no rule names is left to the
 * next authoriser. A subscription is allowed when one rule covers its whole filter and no deny
 * touches it. A client id or user name that holds {@code +}, {@code #} or {@code /} gains nothing
 * by a pattern.
 *
 * <p>Thread-safe; answers at once. Changes of the file count from the next question on.
 */
public final class AccessFile implements Authorizer {
  private final Watched<AccessRules> rules;

  private AccessFile(Watched<AccessRules> rules) {
    this.rules = rules;
  }

  /**
   * Reads the file, now and when it changes. Blocks.
   *
   * @throws IOException when it cannot be used; the message names file and line
   */
  public static AccessFile open(Path file, FileWatch watch) throws IOException {
    return new AccessFile(watch.watch(List.of(file), files -> AccessRulesReader.read(file)));
  }

  @Override
  public CompletableFuture<Decision> mayPublish(ClientIdentity client, TopicName topic) {
    return rules.get().decide(client, topic.value(), AccessRule.Kind.WRITE).now();
  }

  @Override
  public CompletableFuture<Decision> maySubscribe(ClientIdentity client, SharedFilter filter) {
    return rules.get().decide(client, filter.filter().value(), AccessRule.Kind.READ).now();
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
