package dev.limpet.broker.access;

import dev.limpet.broker.spi.AuthenticationExchange;
import dev.limpet.broker.spi.ClientOrigin;
import dev.limpet.broker.spi.EnhancedAuthenticator;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Counts the results of methods with several messages ({@code limpet.authentications}); a message
 * that the client has to answer is none. As thread-safe as the one it asks.
 */
public final class CountedEnhanced implements EnhancedAuthenticator {
  private final EnhancedAuthenticator asked;
  private final AccessCounter counter;

  /**
   * @param source its name, for the label
   * @param timeoutMillis how long callers wait for an answer
   */
  public CountedEnhanced(
      EnhancedAuthenticator asked, MeterRegistry registry, String source, int timeoutMillis) {
    this.asked = asked;
    this.counter = AccessCounter.ofLogins(registry, source, timeoutMillis);
  }

  @Override
  public @Nullable AuthenticationExchange begin(String method, ClientOrigin origin) {
    AuthenticationExchange begun = asked.begin(method, origin);
    if (begun == null) {
      return null;
    }
    return data -> {
      CompletionStage<AuthenticationExchange.Step> answer = begun.next(data);
      counter.count(
          answer.toCompletableFuture(),
          step -> step.result() == null ? null : step.result().decision());
      return answer;
    };
  }
}
