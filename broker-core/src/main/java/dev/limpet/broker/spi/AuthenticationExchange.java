package dev.limpet.broker.spi;

import io.vertx.core.buffer.Buffer;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Runs one exchange of an {@link EnhancedAuthenticator} with one client. Called on the client's
 * lane, and only again after the previous answer; must not block.
 */
@FunctionalInterface
public interface AuthenticationExchange {

  /**
   * The answer to a message of the client. Immutable.
   *
   * @param result null when the client must continue
   * @param data for the client; null for none
   */
  record Step(@Nullable Authentication result, @Nullable Buffer data) {}

  /**
   * Takes the client's next message.
   *
   * @param data null when the client sent none
   * @return a stage that fails ends the connection with an unspecified error
   */
  CompletionStage<Step> next(@Nullable Buffer data);
}
