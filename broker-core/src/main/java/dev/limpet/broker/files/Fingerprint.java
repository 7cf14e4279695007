package dev.limpet.broker.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Detects that files changed: by times, lengths, and the identity of the files. Immutable.
 *
 * @param states one for each file; null for one that cannot be seen
 */
record Fingerprint(List<@Nullable State> states) {

  private record State(FileTime modified, long bytes, @Nullable Object key) {}

  static Fingerprint of(List<Path> files) {
    List<@Nullable State> states = new ArrayList<>();
    for (Path file : files) {
      states.add(state(file));
    }
    return new Fingerprint(states);
  }

  private static @Nullable State state(Path file) {
    try {
      BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
      return new State(seen.lastModifiedTime(), seen.size(), seen.fileKey());
    } catch (IOException e) {
      return null; // reading it will say why
    }
  }
}
