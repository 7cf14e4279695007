package dev.limpet.broker.spi;

import dev.limpet.broker.mqtt.ConnectRequest;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Decides who may connect. Thread-safe; must not block: a slow one answers later. */
@FunctionalInterface
public interface Authenticator {

  /** Admits every client as anonymous, with any password or none. */
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
   * Tells {@code listener}, on any thread, the names of users whose proof no longer counts: those
   * removed and those whose credentials have changed. The broker closes their clients.
   */
  default void onRevoked(Consumer<Set<String>> listener) {}
}
