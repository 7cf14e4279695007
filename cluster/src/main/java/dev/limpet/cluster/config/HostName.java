package dev.limpet.cluster.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the name of this machine without asking the network. Stateless. */
final class HostName {

  private static final Path LINUX = Path.of("/proc/sys/kernel/hostname");
  private static final String UNKNOWN = "node";

  private HostName() {}

  /** Returns the first name found: the kernel's, or the environment's. */
  static String ofThisMachine() {
    return Stream.of(
            kernel(),
            Optional.ofNullable(System.getenv("HOSTNAME")),
            Optional.ofNullable(System.getenv("COMPUTERNAME")))
        .flatMap(Optional::stream)
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse(UNKNOWN);
  }

  private static Optional<String> kernel() {
    try {
      return Files.isReadable(LINUX)
          ? Optional.of(Files.readString(LINUX).strip())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
