package dev.limpet.broker.files;

import java.nio.file.Files;
import java.nio.file.Path;

/** Explains why a file cannot be read, more clearly than the JDK's exceptions. Stateless. */
public final class ReadableFile {
  private ReadableFile() {}

  /**
   * Looks whether this process can read a file.
   *
   * @throws FileProblemException with one sentence when it cannot
   */
  public static void require(Path file) throws FileProblemException {
    if (!Files.exists(file)) {
      throw new FileProblemException("there is no file " + file);
    }
    if (Files.isDirectory(file)) {
      throw new FileProblemException(file + " is a directory, not a file");
    }
    if (!Files.isReadable(file)) {
      throw new FileProblemException(
          "this process may not read " + file + ": change its owner or permissions");
    }
  }
}
