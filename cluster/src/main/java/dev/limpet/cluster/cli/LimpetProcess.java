package dev.limpet.cluster.cli;

import dev.limpet.cluster.cli.start.ClassArchive;
import dev.limpet.cluster.cli.start.CompilerFlags;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds the command that runs this same program again. Stateless. */
final class LimpetProcess {

  private static final String CLASS_PATH = System.getProperty("java.class.path");

  private LimpetProcess() {}

  /**
   * The words to start it: the same java, and the same jar or class path.
   *
   * @param heapMaxMib bound of the heap; it starts small and returns unused memory
   * @param archive whether to use the class archive, if there is one
   */
  static List<String> command(int heapMaxMib, boolean archive, List<String> arguments) {
    List<String> flags = new ArrayList<>();
    if (archive) {
      archive().map(ClassArchive::flags).ifPresent(flags::addAll);
    }
    flags.addAll(CompilerFlags.forCores(Runtime.getRuntime().availableProcessors()));
    return command(heapMaxMib, flags, CLASS_PATH, arguments);
  }

  /** The words to start it from its jar so that it writes a class archive when it ends. */
  static List<String> recording(
      ClassArchive archive, Path target, int heapMaxMib, List<String> arguments) {
    return command(
        heapMaxMib, ClassArchive.recordingFlags(target), archive.jar().toString(), arguments);
  }

  private static List<String> command(
      int heapMaxMib, List<String> flags, String classPath, List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    words.add("-Xms32m");
    words.add("-Xmx" + heapMaxMib + "m");
    words.add("-XX:+ExitOnOutOfMemoryError");
    words.addAll(flags);
    if (runsFromJar()) {
      words.addAll(List.of("-jar", classPath));
    } else {
      words.addAll(moduleFlags());
      words.addAll(List.of("-cp", classPath, Limpet.class.getName()));
    }
    words.addAll(arguments);
    return words;
  }

  /** The class archive of the executable jar; none when this runs from something else. */
  static Optional<ClassArchive> archive() {
    return runsFromJar() ? Optional.of(new ClassArchive(Path.of(CLASS_PATH))) : Optional.empty();
  }

  /** The JVM's class path is the one jar when it was started with {@code -jar}. */
  private static boolean runsFromJar() {
    return CLASS_PATH.endsWith(".jar") && !CLASS_PATH.contains(File.pathSeparator);
  }

  /** Returns the flags for the modules that the jar's manifest would open. */
  private static List<String> moduleFlags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--add-opens=") || flag.startsWith("--add-exports="))
        .toList();
  }
}
