package dev.limpet.cluster.cli.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issue 7, item 21: where the class archive is, and how it comes there. */
class ClassArchiveTest {

  @TempDir private Path dir;

  @Test
  void without_an_archive_there_are_no_flags() {
    assertThat(new ClassArchive(dir.resolve("limpet.jar")).flags()).isEmpty();
  }

  @Test
  void what_was_written_takes_the_place_of_the_one_before_and_leaves_nothing_else()
      throws IOException {
    ClassArchive archive = new ClassArchive(dir.resolve("limpet.jar"));
    for (String content : new String[] {"first", "second"}) {
      Path written = archive.begin();
      Files.writeString(written, content);
      archive.publish(written);
    }
    assertThat(dir.resolve("limpet.jsa")).hasContent("second");
    assertThat(archive.flags()).contains("-XX:SharedArchiveFile=" + dir.resolve("limpet.jsa"));
    assertThat(archive.argumentsFile())
        .content()
        .contains("\"-XX:SharedArchiveFile=" + dir.resolve("limpet.jsa") + "\"\n");
    try (var files = Files.list(dir)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void two_that_make_it_at_once_do_not_write_to_one_file() throws IOException {
    ClassArchive archive = new ClassArchive(dir.resolve("limpet.jar"));
    assertThat(archive.begin()).isNotEqualTo(archive.begin());
  }

  @Test
  void a_folder_that_cannot_be_written_is_said_before_any_node_starts() {
    ClassArchive archive = new ClassArchive(Path.of("/proc/limpet.jar")); // not even by root
    assertThatThrownBy(archive::begin).isInstanceOf(IOException.class);
    assertThat(archive.flags()).isEmpty();
  }

  @Test
  void only_few_cores_make_the_second_compiler_wait() {
    assertThat(CompilerFlags.forCores(1)).isNotEmpty().isEqualTo(CompilerFlags.forCores(4));
    assertThat(CompilerFlags.forCores(5)).isEmpty();
  }
}
