package dev.limpet.cluster.config;

/** A setting that is right as it stands, but the machine does not give what it asks for. */
public final class UnwritableException extends ConfigException {
  private static final long serialVersionUID = 1L;

  UnwritableException(String sentence) {
    super(sentence);
  }

  UnwritableException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
