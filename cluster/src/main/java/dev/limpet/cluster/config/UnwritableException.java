package dev.limpet.cluster.config;

/** Reports a valid setting that this machine cannot provide. */
public final class UnwritableException extends ConfigException {
  private static final long serialVersionUID = 1L;

  UnwritableException(String sentence) {
    super(sentence);
  }

  UnwritableException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
