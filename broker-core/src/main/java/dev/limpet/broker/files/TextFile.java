package dev.limpet.broker.files;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the lines of a text file in UTF-8, within a bound. Stateless. */
public final class TextFile {

  /** Room for a million users; the bound keeps a wrong path from being read into memory. */
  private static final long BYTES_MAX = 128 << 20;

  private TextFile() {}

  /**
   * All lines.
   *
   * @throws FileProblemException when there is no such file, or it is too long or no text
   */
  public static List<String> lines(Path file) throws IOException {
    ReadableFile.require(file);
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new FileProblemException(file + " is longer than 128 MiB");
      }
      return Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new FileProblemException(file + " is not written in UTF-8", e);
    }
  }

  /** Whether a line has no content: empty, or a comment after a hash. */
  public static boolean isBlank(String line) {
    String text = line.strip();
    return text.isEmpty() || text.startsWith("#");
  }
}
