package dev.limpet.cluster.cli.client;

/** A command that could not do its work; the message is one sentence for the terminal. */
public final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CliException(String sentence) {
    super(sentence);
  }

  public CliException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
