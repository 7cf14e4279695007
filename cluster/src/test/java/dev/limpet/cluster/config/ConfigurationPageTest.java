package dev.limpet.cluster.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.cluster.docs.GeneratedPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keeps the page of options true (issue 8, pages). */
class ConfigurationPageTest {

  @Test
  void the_page_says_what_the_options_say() throws IOException {
    new GeneratedPage("configuration.md").requireText(ConfigurationPage.text());
  }

  @Test
  void every_parameter_of_a_listener_is_explained() {
    assertThat(ConfigurationPage.parameters().keySet())
        .containsExactlyInAnyOrderElementsOf(ListenerUriReader.parameterNames());
  }

  @Test
  void the_files_it_shows_can_be_read(@TempDir Path folder) throws IOException {
    for (String page : new String[] {"configuration.md", "operations.md", "../README.md"}) {
      Matcher yaml = Pattern.compile("(?s)```yaml\\n(.*?)```").matcher(GeneratedPage.read(page));
      while (yaml.find()) {
        Path file = Files.writeString(folder.resolve("node.yaml"), yaml.group(1));
        assertThat(YamlFile.read(file)).as(page).isNotEmpty();
      }
    }
  }
}
