package dev.limpet.cluster.config;

/**
 * Reports a setting that cannot be used; the message is one sentence: what, where and what to
 * change.
 */
public class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigException(String sentence) {
    super(sentence);
  }

  public ConfigException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
