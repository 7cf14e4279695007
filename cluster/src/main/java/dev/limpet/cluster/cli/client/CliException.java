package dev.limpet.cluster.cli.client;

/** Reports that a command failed; the message is one sentence for the terminal. */
public final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CliException(String sentence) {
    super(sentence);
  }

  public CliException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
