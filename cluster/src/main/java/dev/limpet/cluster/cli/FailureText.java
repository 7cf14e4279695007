package dev.limpet.cluster.cli;

import dev.limpet.broker.spi.Stages;
import org.jspecify.annotations.Nullable;

/** Words an exception for people. Stateless. */
final class FailureText {

  private FailureText() {}

  /** Returns the message of the root cause, or its type if it has none. */
  static String of(Throwable failure) {
    Throwable cause = Stages.cause(failure);
    @Nullable String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message);
  }
}
