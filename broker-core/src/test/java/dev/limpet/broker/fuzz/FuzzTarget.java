package dev.limpet.broker.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A class with {@code static void fuzzerTestOneInput(byte[])}, which throws when an input is a
 * finding, and the inputs to begin with. Immutable.
 *
 * @param seeds inputs that reach far, before those found earlier
 */
public record FuzzTarget(Class<?> type, List<byte[]> seeds) {

  /** What runs an input, to be called without Jazzer. */
  @FunctionalInterface
  public interface Body {
    void run(byte[] input);
  }

  /** The seeds, and what fuzzers found before: the files in resource {@code /fuzz/<name>}. */
  public static FuzzTarget of(Class<?> type, Stream<byte[]> seeds) {
    List<byte[]> all = new ArrayList<>(seeds.toList());
    URL found = type.getResource("/fuzz/" + type.getSimpleName());
    if (found != null) {
      try (Stream<Path> files = Files.list(Path.of(found.toURI()))) {
        for (Path file : files.sorted().toList()) {
          all.add(Files.readAllBytes(file));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }
    return new FuzzTarget(type, List.copyOf(all));
  }

  /** Runs every input in this process, without Jazzer: the regression test of all findings. */
  public void replay(Body body) {
    for (byte[] seed : seeds) {
      try {
        body.run(seed);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("input " + HexFormat.of().formatHex(seed), e);
      }
    }
  }

  /** Whether Jazzer will find the method it calls. */
  public boolean hasEntry() {
    for (Method method : type.getMethods()) {
      if (method.getName().equals("fuzzerTestOneInput")) {
        return true;
      }
    }
    return false;
  }
}
