package dev.limpet.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds libraries on the class path that are older than those Limpet was built with, before they
 * fail as missing classes: a build tool picks them when an MQTT client asks for them. An older
 * major or minor version is refused, an older patch gets a warning, and a library without a version
 * (in one large jar, for example) passes.
 *
 * <p>Touches no class of those libraries. Immutable.
 */
final class ClassPathCheck {

  private static final Logger LOG = LoggerFactory.getLogger(ClassPathCheck.class);
  private static final Pattern NO_DIGITS = Pattern.compile("[^0-9]+");
  private static final int MINOR = 2;
  private static final int PATCH = 3;

  private static final String[] NETTY_MODULES = {
    "netty-common",
    "netty-buffer",
    "netty-resolver",
    "netty-transport",
    "netty-transport-native-unix-common",
    "netty-handler",
    "netty-codec-http"
  };

  private final ClassLoader classes;
  private final Properties builtWith;

  /**
   * @param builtWith the versions of {@code limpet}, {@code netty} and {@code vertx}
   */
  ClassPathCheck(ClassLoader classes, Properties builtWith) {
    this.classes = classes;
    this.builtWith = builtWith;
  }

  /**
   * Checks the libraries that Limpet's own classes would use.
   *
   * @throws IllegalStateException when a library is too old; the message says which, where it lies
   *     and what to change
   */
  static void require() {
    ClassLoader own = ClassPathCheck.class.getClassLoader();
    String text = read(ClassPathCheck.class.getResource("built-with.properties"));
    new ClassPathCheck(own, properties(text)).check();
  }

  void check() {
    for (String module : NETTY_MODULES) {
      URL place = classes.getResource("META-INF/maven/io.netty/" + module + "/pom.properties");
      String version = properties(read(place)).getProperty("version", "");
      check(module, version, place, "netty");
    }
    URL place = classes.getResource("META-INF/vertx/vertx-version.txt");
    check("vertx-core", read(place).strip(), place, "vertx");
  }

  private void check(String library, String version, @Nullable URL place, String key) {
    String needed = builtWith.getProperty(key, "");
    if (isOlder(version, needed, PATCH)) {
      String sentence =
          "%s %s comes first on the class path (%s), but Limpet was built with %s: import dev.limpet:limpet-parent:%s (type pom, scope import) as the first of dependencyManagement"
              .formatted(library, version, jar(place), needed, builtWith.getProperty("limpet"));
      if (isOlder(version, needed, MINOR)) {
        throw new IllegalStateException(sentence);
      }
      LOG.warn("{}", sentence);
    }
  }

  /** Compares the leading numbers of two versions; a string with fewer numbers is not a version. */
  private static boolean isOlder(String version, String needed, int numbers) {
    int[] found = numbers(version, numbers);
    int[] wanted = numbers(needed, numbers);
    return found.length == wanted.length && Arrays.compare(found, wanted) < 0;
  }

  private static int[] numbers(String version, int count) {
    return NO_DIGITS
        .splitAsStream(version)
        .filter(part -> !part.isEmpty() && part.length() < 10)
        .mapToInt(Integer::parseInt)
        .limit(count)
        .toArray();
  }

  private static String jar(@Nullable URL place) {
    return String.valueOf(place).replaceFirst("^jar:", "").replaceFirst("!/.*$", "");
  }

  private static Properties properties(String text) {
    Properties read = new Properties();
    try {
      read.load(new StringReader(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return read;
  }

  /** Returns the content at this URL, or an empty string. */
  private static String read(@Nullable URL place) {
    if (place == null) {
      return "";
    }
    try (InputStream in = place.openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + place, e);
    }
  }
}
