package dev.limpet.cluster.cli;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** The command that runs this very program again. Stateless. */
final class LimpetProcess {

  private static final String CLASS_PATH = System.getProperty("java.class.path");

  private LimpetProcess() {}

  /**
   * The words to start it: the same java, and the same jar or class path.
   *
   * @param heapMaxMib bound of the heap; it begins small and gives back what it does not need
   */
  static List<String> command(int heapMaxMib, List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    words.add("-Xms32m");
    words.add("-Xmx" + heapMaxMib + "m");
    words.add("-XX:+ExitOnOutOfMemoryError");
    if (runsFromJar()) {
      words.addAll(List.of("-jar", CLASS_PATH));
    } else {
      words.addAll(moduleFlags());
      words.addAll(List.of("-cp", CLASS_PATH, Limpet.class.getName()));
    }
    words.addAll(arguments);
    return words;
  }

  /** The JVM's class path is the one jar when it was started with {@code -jar}. */
  private static boolean runsFromJar() {
    return CLASS_PATH.endsWith(".jar") && !CLASS_PATH.contains(File.pathSeparator);
  }

  /** What the jar's manifest would open. */
  private static List<String> moduleFlags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--add-opens=") || flag.startsWith("--add-exports="))
        .toList();
  }
}
