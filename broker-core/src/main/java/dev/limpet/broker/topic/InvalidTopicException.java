package dev.limpet.broker.topic;

/**
 * Reports a topic name or filter that MQTT does not allow; the message says which rule it breaks.
 */
public final class InvalidTopicException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidTopicException(String message) {
    super(message);
  }
}
