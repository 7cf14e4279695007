package dev.limpet.broker.spi;

import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ReasonCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Decides who may connect. Thread-safe; must not block: a slow one answers later. */
@FunctionalInterface
public interface Authenticator {

  /** Lets everybody in, with any or no password. */
  Authenticator ANONYMOUS =
      (request, address) -> CompletableFuture.completedFuture(ReasonCode.SUCCESS);

  /**
   * @param address of the client
   * @return {@link ReasonCode#SUCCESS}, or the error that CONNACK carries; a stage that fails
   *     counts as {@link ReasonCode#UNSPECIFIED_ERROR}
   */
  CompletionStage<ReasonCode> authenticate(ConnectRequest request, String address);
}
