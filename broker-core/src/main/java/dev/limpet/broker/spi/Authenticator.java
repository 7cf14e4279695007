package dev.limpet.broker.spi;

import dev.limpet.broker.mqtt.ConnectRequest;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Decides who may connect. Thread-safe; must not block: a slow one answers later. */
@FunctionalInterface
public interface Authenticator {

  /** Lets everybody in, with any or no password, as nobody in particular. */
  Authenticator ANONYMOUS =
      (request, origin) -> CompletableFuture.completedFuture(Authentication.ANONYMOUS);

  /**
   * Called on the client's lane, once for each CONNECT.
   *
   * @return {@link Authentication#IGNORE} leaves the client to the next authenticator, and is a
   *     refusal when there is none; a stage that fails refuses with "server unavailable"
   */
  CompletionStage<Authentication> authenticate(ConnectRequest request, ClientOrigin origin);

  /**
   * Has {@code listener} told, on any thread, the names of users whose proof no longer counts:
   * those who are gone and those who have to prove something else by now. Their clients are closed.
   */
  default void onRevoked(Consumer<Set<String>> listener) {}
}
