package dev.limpet.cluster.cli;

/** A command that could not do its work; the message is one sentence for the terminal. */
final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CliException(String sentence) {
    super(sentence);
  }

  CliException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
