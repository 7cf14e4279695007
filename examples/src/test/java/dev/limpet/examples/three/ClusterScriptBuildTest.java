package dev.limpet.examples.three;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Issue 7, item 21: what {@code examples/cluster.sh} says and does before the nodes start. The
 * kind: a wait of minutes without a word. Stand-ins for Maven and Java do what the script sees of
 * them.
 */
class ClusterScriptBuildTest {

  private static final String NOTHING = "";

  @TempDir private Path root;
  private Path output;

  @BeforeEach
  void copyScript() throws IOException {
    output = root.resolve("output");
    Files.createDirectories(root.resolve("examples"));
    Files.createDirectories(root.resolve("cluster/target"));
    Files.createFile(root.resolve("pom.xml"));
    for (String module : List.of("broker-core", "session-store", "lb-frontend", "cluster")) {
      Files.createDirectories(root.resolve(module + "/src/main"));
      Files.createFile(root.resolve(module + "/pom.xml"));
    }
    Files.copy(Path.of("cluster.sh"), root.resolve("examples/cluster.sh"));
  }

  @Test
  void each_module_and_step_of_the_build_has_a_line_and_maven_s_chatter_has_none()
      throws Exception {
    maven("[INFO] Building Limpet cluster 1 [2/2]", "[INFO] --- shade:1:shade (x) @ cluster ---");
    java("touch ../cluster/target/limpet.jsa");
    assertThat(run()).isZero();
    assertThat(output).content().containsPattern("\\d+s Building Limpet cluster");
    assertThat(output).content().containsPattern("\\d+s --- shade:1:shade");
    assertThat(output).content().doesNotContain("chatter").contains("java -Xms16m");
  }

  @Test
  void a_build_that_fails_says_why_and_starts_nothing() throws Exception {
    maven("[ERROR] no compiler", "exit");
    java(NOTHING);
    assertThat(run()).isNotZero();
    assertThat(output).content().contains("no compiler").doesNotContain("java ");
  }

  @Test
  void nodes_start_without_an_archive_that_cannot_be_made() throws Exception {
    maven(NOTHING);
    java("exit 1");
    assertThat(run()).isZero();
    assertThat(output).content().contains("the nodes start without it").contains("java -Xms16m");
  }

  @Test
  void what_is_there_already_is_not_made_again() throws Exception {
    maven(NOTHING);
    java("touch ../cluster/target/limpet.jsa");
    assertThat(run()).isZero();
    Files.setLastModifiedTime(
        root.resolve("cluster/target/limpet.jsa"),
        java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 60_000));
    assertThat(run()).isZero();
    assertThat(output).content().doesNotContain("building").doesNotContain("making");
  }

  /** Says these lines and leaves a jar; fails when one of them is "exit". */
  private void maven(String... lines) throws IOException {
    StringBuilder script = new StringBuilder("#!/bin/sh\necho '[INFO] chatter'\n");
    for (String line : lines) {
      script.append(line.equals("exit") ? "exit 1\n" : "echo '" + line + "'\n");
    }
    program("mvn", script + "touch ../cluster/target/limpet.jar\n");
  }

  /** Says its words when it is to start nodes, else does this. */
  private void java(String otherwise) throws IOException {
    program(
        "java", "#!/bin/sh\ncase \"$*\" in *archive) " + otherwise + "\n;; *) echo java $*;; esac");
  }

  private void program(String name, String script) throws IOException {
    Path file = root.resolve("bin").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private int run() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("./cluster.sh", "--nodes=1")
            .directory(root.resolve("examples").toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", root.toString());
    builder
        .environment()
        .merge("PATH", root.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
    Process script = builder.start();
    assertThat(script.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return script.exitValue();
  }
}
