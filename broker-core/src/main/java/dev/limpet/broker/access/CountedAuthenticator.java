package dev.limpet.broker.access;

import dev.limpet.broker.guard.Guard;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.ClientOrigin;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Counts the answers of an authenticator ({@code limpet.authentications}). As thread-safe as the
 * one it asks.
 */
public final class CountedAuthenticator implements Authenticator {
  private final Authenticator asked;
  private final AccessCounter counter;

  /**
   * @param source its name, for the label
   * @param timeoutMillis how long callers wait for an answer
   */
  public CountedAuthenticator(
      Authenticator asked, MeterRegistry registry, String source, int timeoutMillis) {
    this.asked = asked;
    this.counter = AccessCounter.ofLogins(registry, source, timeoutMillis);
  }

  @Override
  public CompletionStage<Authentication> authenticate(ConnectRequest request, ClientOrigin origin) {
    CompletionStage<Authentication> answer =
        Guard.stage("Authenticator.authenticate", () -> asked.authenticate(request, origin));
    counter.count(answer.toCompletableFuture(), Authentication::decision);
    return answer;
  }

  @Override
  public void onRevoked(Consumer<Set<String>> listener) {
    asked.onRevoked(listener);
  }
}
