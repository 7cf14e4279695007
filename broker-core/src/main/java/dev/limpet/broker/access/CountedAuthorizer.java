package dev.limpet.broker.access;

import dev.limpet.broker.guard.Guard;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Counts the answers of an authorizer ({@code limpet.authorizations}). As thread-safe as the one it
 * asks.
 */
public final class CountedAuthorizer implements Authorizer {
  private final Authorizer asked;
  private final AccessCounter counter;

  /**
   * @param source its name, for the label
   * @param timeoutMillis how long callers wait for an answer
   */
  public CountedAuthorizer(
      Authorizer asked, MeterRegistry registry, String source, int timeoutMillis) {
    this.asked = asked;
    this.counter = AccessCounter.ofTopics(registry, source, timeoutMillis);
  }

  @Override
  public CompletableFuture<Decision> mayPublish(ClientIdentity client, TopicName topic) {
    return counted(() -> asked.mayPublish(client, topic));
  }

  @Override
  public CompletableFuture<Decision> maySubscribe(ClientIdentity client, SharedFilter filter) {
    return counted(() -> asked.maySubscribe(client, filter));
  }

  @Override
  public CompletableFuture<Decision> mayReceive(ClientIdentity client, TopicName topic) {
    return counted(() -> asked.mayReceive(client, topic));
  }

  private CompletableFuture<Decision> counted(Supplier<CompletableFuture<Decision>> question) {
    CompletableFuture<Decision> answer = Guard.future("Authorizer", question);
    counter.count(answer, Function.identity());
    return answer;
  }

  @Override
  public void onChange(Runnable listener) {
    asked.onChange(listener);
  }
}
