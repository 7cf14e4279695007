package dev.limpet.cluster.cli;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** Stands in for the executable, which is built after the tests. Stateless. */
final class ExecutableJar {

  private ExecutableJar() {}

  /** Makes {@code limpet.jar} in this folder, from what the tests run with but for themselves. */
  static Path make(Path dir) throws IOException {
    List<String> classPath = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.endsWith("test-classes") && !entry.endsWith("-tests.jar")) {
        Path path = Path.of(entry);
        Path packed =
            Files.isDirectory(path) ? pack(path, dir.resolve(classPath.size() + ".jar")) : path;
        classPath.add(relative(dir, packed));
      }
    }
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.MAIN_CLASS, Limpet.class.getName());
    main.put(Attributes.Name.CLASS_PATH, String.join(" ", classPath));
    main.putValue("Add-Exports", "java.base/jdk.internal.ref");
    main.putValue(
        "Add-Opens",
        "java.base/java.lang java.base/java.nio java.base/sun.nio.ch java.management/sun.management"
            + " jdk.management/com.sun.management.internal");
    Path jar = dir.resolve("limpet.jar");
    try (OutputStream file = Files.newOutputStream(jar)) {
      new JarOutputStream(file, manifest).close();
    }
    return jar;
  }

  /** The JVM's archive knows no other form. */
  private static String relative(Path dir, Path jar) {
    return dir.toAbsolutePath().relativize(jar.toAbsolutePath()).toString();
  }

  private static Path pack(Path classes, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toArray(Path[]::new)) {
        String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
        out.putNextEntry(new ZipEntry(name));
        out.write(Files.readAllBytes(file));
        out.closeEntry();
      }
    }
    return jar;
  }

  /** Starts it. */
  static Process start(Path jar, Path output, List<String> flags, String... words)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xmx256m"));
    command.addAll(flags);
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(Arrays.asList(words));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }
}
