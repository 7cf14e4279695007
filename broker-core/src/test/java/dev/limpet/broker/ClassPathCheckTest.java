package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Issue 7, item 22. The kind: a build tool puts an older library in front of what Limpet needs, and
 * it shows as a missing class somewhere else. The whole of it, with Maven and a real client, is in
 * examples/consumer.
 */
class ClassPathCheckTest {

  @TempDir Path classPath;

  @ParameterizedTest
  @ValueSource(strings = {"4.1.139.Final", "3.10.6.Final", "4.1.0.CR2"})
  void an_older_netty_is_named_with_its_place_and_the_cure(String version) throws IOException {
    write("META-INF/maven/io.netty/netty-buffer/pom.properties", "version=" + version);
    assertThatIllegalStateException()
        .isThrownBy(this::check)
        .withMessage(
            "netty-buffer %s comes first on the class path (%sMETA-INF/maven/io.netty/netty-buffer/pom.properties), but Limpet was built with 4.2.18.Final: import dev.limpet:limpet-parent:1.0 (type pom, scope import) as the first of dependencyManagement",
            version, classPath.toUri().toURL());
  }

  @Test
  void an_older_vertx_is_refused_too() throws IOException {
    write("META-INF/vertx/vertx-version.txt", "4.5.14\n");
    assertThatIllegalStateException()
        .isThrownBy(this::check)
        .withMessageStartingWith("vertx-core 4.5.14 comes first");
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.2.18.Final", "4.2.3.Final", "4.3.0.Final", "5.0", "", "${netty}"})
  void the_same_minor_a_later_one_and_what_is_no_version_pass(String version) throws IOException {
    write("META-INF/maven/io.netty/netty-common/pom.properties", "version=" + version);
    assertThatCode(this::check).doesNotThrowAnyException();
  }

  @Test
  void the_class_path_of_this_build_passes() {
    assertThatCode(ClassPathCheck::require).doesNotThrowAnyException();
  }

  private void check() throws IOException {
    Properties builtWith = new Properties();
    builtWith.setProperty("limpet", "1.0");
    builtWith.setProperty("netty", "4.2.18.Final");
    builtWith.setProperty("vertx", "5.1.1");
    try (URLClassLoader classes = new URLClassLoader(new URL[] {classPath.toUri().toURL()}, null)) {
      new ClassPathCheck(classes, builtWith).check();
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = classPath.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
