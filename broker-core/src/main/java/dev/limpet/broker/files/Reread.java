package dev.limpet.broker.files;

import java.nio.file.Path;
import java.util.List;

/**
 * Reports the result of reading files again. Immutable.
 *
 * @param files read together
 * @param failure why they cannot be used, so that the previous content stays; empty if they can
 */
public record Reread(List<Path> files, String failure) {
  public Reread {
    files = List.copyOf(files);
  }

  /** {@code users} or {@code node.pem and node.key (the previous content stays: …)}. */
  @Override
  public String toString() {
    String names = String.join(" and ", files.stream().map(Path::toString).toList());
    return failure.isEmpty() ? names : names + " (the previous content stays: " + failure + ")";
  }
}
