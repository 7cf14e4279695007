package dev.limpet.cluster.cli.start;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Manages the archive of a node's classes in the JVM's own format, a file beside the executable
 * jar: {@code limpet.jsa} for {@code limpet.jar}. A JVM that maps it neither parses nor verifies
 * them. The JVM itself ignores an archive made by another JDK or for another jar, and an invalid
 * one; so a node starts with any file, or none.
 *
 * <p>Thread-safe: immutable. Many processes may use the file while one replaces it.
 */
public final class ClassArchive {

  private static final String JAR = ".jar";

  private final Path jar;

  /**
   * @param jar the executable; its path is made absolute, since the JVM looks for it where the
   *     archive says
   */
  public ClassArchive(Path jar) {
    this.jar = jar.toAbsolutePath().normalize();
  }

  /** The executable. */
  public Path jar() {
    return jar;
  }

  /** The archive, whether there is one or not. */
  public Path file() {
    return beside(".jsa");
  }

  /** Where the flags stand that use it, for {@code java @limpet.args -jar limpet.jar}. */
  public Path argumentsFile() {
    return beside(".args");
  }

  private Path beside(String ending) {
    String name = jar.getFileName().toString();
    return jar.resolveSibling(name.substring(0, name.length() - JAR.length()) + ending);
  }

  /** The JVM's flags that use the archive; none where there is no such file. */
  public List<String> flags() {
    return Files.isReadable(file()) ? flagsFor(file()) : List.of();
  }

  private static List<String> flagsFor(Path archive) {
    List<String> flags = new ArrayList<>();
    flags.add("-XX:SharedArchiveFile=" + archive);
    flags.addAll(silence());
    return flags;
  }

  /** The JVM would say on standard output that it leaves an archive unused. */
  private static List<String> silence() {
    return List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off");
  }

  /** The JVM's flags that write an archive to this file when the process ends in order. */
  public static List<String> recordingFlags(Path target) {
    List<String> flags = new ArrayList<>();
    flags.add("-XX:ArchiveClassesAtExit=" + target);
    flags.add("-XX:TieredStopAtLevel=1"); // done sooner
    flags.addAll(silence());
    return flags;
  }

  /**
   * A path for the JVM to write to, in the same folder, of this process alone.
   *
   * @throws IOException when the folder cannot be written
   */
  public Path begin() throws IOException {
    Path target = Files.createTempFile(jar.getParent(), "limpet", ".jsa.part");
    target.toFile().deleteOnExit();
    return target;
  }

  /**
   * Moves the new archive into place atomically; processes that use the old one keep it.
   *
   * @throws IOException when the folder cannot be written
   */
  public void publish(Path written) throws IOException {
    Files.move(
        written, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    List<String> flags = new ArrayList<>(flagsFor(file()));
    flags.addAll(CompilerFlags.forCores(Runtime.getRuntime().availableProcessors()));
    flags.add("-XX:+ExitOnOutOfMemoryError");
    String lines = flags.stream().map(ClassArchive::quoted).collect(Collectors.joining("\n"));
    Files.writeString(argumentsFile(), lines + "\n", StandardCharsets.UTF_8);
  }

  /** In the form that the java launcher reads. */
  private static String quoted(String flag) {
    return '"' + flag.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
