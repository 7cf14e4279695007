package dev.limpet.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Issue 7, item 21: the class archive with real JVMs. The kind: something that only makes a start
 * quicker, and could keep it from working.
 */
class ClassArchiveProcessTest {

  private static final long SECONDS_MAX = 300;

  /** The JVM says of each class where it comes from; "top" is the archive of the application. */
  private static final String FROM_ARCHIVE = "dev.limpet.cluster.cli.NodeCommand source: shared";

  @TempDir private static Path made;

  @TempDir private Path dir;
  private Path jar;
  private Path archive;

  @BeforeAll
  static void makeArchive() throws Exception {
    Path built = ExecutableJar.make(made);
    Path output = made.resolve("output");
    Process process = ExecutableJar.start(built, output, List.of(), "archive", "--wait-max=250");
    assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    assertThat(output).content().contains(made.resolve("limpet.jsa").toString());
  }

  @BeforeEach
  void useIt() {
    jar = made.resolve("limpet.jar");
    archive = made.resolve("limpet.jsa");
  }

  @Test
  void the_flags_it_leaves_have_a_jvm_use_it() throws Exception {
    assertThat(version("@" + made.resolve("limpet.args"), "-Xlog:class+load"))
        .contains(FROM_ARCHIVE);
  }

  @Test
  void one_that_another_jar_has_made_is_left_unused_without_a_word() throws Exception {
    FileTime before = Files.getLastModifiedTime(jar);
    Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH.plusSeconds(1_000_000_000)));
    try {
      assertThat(version("@" + made.resolve("limpet.args"))).matches("limpet .*\\R");
    } finally {
      Files.setLastModifiedTime(jar, before);
    }
  }

  @Test
  void a_file_that_is_no_archive_is_left_unused_without_a_word() throws Exception {
    Path broken = Files.writeString(dir.resolve("broken.jsa"), "no archive");
    Path arguments =
        Files.writeString(
            dir.resolve("arguments"),
            Files.readString(made.resolve("limpet.args"))
                .replace(archive.toString(), broken.toString()));
    assertThat(version("@" + arguments)).matches("limpet .*\\R");
    Files.delete(broken);
    assertThat(version("@" + arguments)).matches("limpet .*\\R");
  }

  @Test
  void the_nodes_of_a_cluster_get_it_unless_told_otherwise() throws Exception {
    assertThat(commandLineOfNode()).contains("-XX:SharedArchiveFile=" + archive);
    assertThat(commandLineOfNode("--no-class-archive"))
        .contains("-XX:+ExitOnOutOfMemoryError")
        .doesNotContain("-XX:SharedArchiveFile=" + archive);
  }

  private String version(String... flags) throws Exception {
    Path output = dir.resolve("version");
    Process process = ExecutableJar.start(jar, output, List.of(flags), "--version");
    assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(output);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  /** The cluster need not become ready for it. */
  private String commandLineOfNode(String... more) throws IOException {
    String[] words = Arrays.copyOf(new String[] {"cluster", "--nodes=1"}, 2 + more.length);
    System.arraycopy(more, 0, words, 2, more.length);
    Process cluster = ExecutableJar.start(jar, dir.resolve("cluster"), List.of(), words);
    try {
      return await()
          .atMost(Duration.ofSeconds(SECONDS_MAX))
          .until(() -> nodeOf(cluster), line -> line.contains(" node "));
    } finally {
      cluster.descendants().forEach(ProcessHandle::destroyForcibly);
      cluster.destroyForcibly();
    }
  }

  private static String nodeOf(Process cluster) {
    return cluster.children().findFirst().flatMap(node -> node.info().commandLine()).orElse("");
  }
}
