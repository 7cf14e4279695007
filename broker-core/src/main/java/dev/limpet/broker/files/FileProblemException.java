package dev.limpet.broker.files;

import java.io.IOException;

/** Reports a file that can be read but not used; the message says where and what to change. */
public final class FileProblemException extends IOException {
  private static final long serialVersionUID = 1L;

  public FileProblemException(String sentence) {
    super(sentence);
  }

  public FileProblemException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
