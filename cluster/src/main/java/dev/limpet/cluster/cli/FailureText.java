package dev.limpet.cluster.cli;

import dev.limpet.broker.spi.Stages;
import org.jspecify.annotations.Nullable;

/** Words an exception for people. Stateless. */
final class FailureText {

  private FailureText() {}

  /** The message of what really failed, or its kind if it says nothing. */
  static String of(Throwable failure) {
    Throwable cause = Stages.cause(failure);
    @Nullable String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message);
  }
}
