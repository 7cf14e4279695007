package dev.limpet.cluster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file of options. */
class YamlFileTest {

  @TempDir private Path dir;

  @Test
  void values_and_lists_are_read_with_the_line_they_stand_in() throws IOException {
    List<Setting> settings =
        YamlFile.read(
            write(
                "# a node\nname: a\njoin:\n  - 127.0.0.1:5701\n  - 127.0.0.1:5702\nhttp: 8081\n"));
    Path file = dir.resolve("limpet.yaml");
    assertThat(settings)
        .containsExactly(
            new Setting(OptionKey.NAME, "'name' in " + file + ", line 2", List.of("a")),
            new Setting(OptionKey.HTTP, "'http' in " + file + ", line 6", List.of("8081")),
            new Setting(
                OptionKey.JOIN,
                "'join' in " + file + ", line 3",
                List.of("127.0.0.1:5701", "127.0.0.1:5702")));
  }

  @Test
  void listeners_are_written_with_the_words_of_their_uris() throws IOException {
    Path file =
        write(
            """
            listeners:
              - mqtt://127.0.0.1:1883
              - address: ws://127.0.0.1:9001/mqtt
                mode: direct
                max-connections: 10
                connect-rate: 5
              - address: mqtts://127.0.0.1:8883
                cert: [a b.pem, c&d.pem]
                key: [a.key, c.key]
                client-ca: /etc/ca.pem
                proxy: required
                trusted: [10.0.0.0/8, "::1/128"]
            """);
    assertThat(NodeOptions.of(Settings.merge(List.of(YamlFile.read(file)))).listeners())
        .containsExactly(
            ListenerUri.parse("mqtt://127.0.0.1:1883", ""),
            ListenerUri.parse(
                "ws://127.0.0.1:9001/mqtt?mode=direct&max-connections=10&connect-rate=5", ""),
            ListenerUri.parse(
                "mqtts://127.0.0.1:8883?cert=a%20b.pem&key=a.key&cert=c%26d.pem&key=c.key"
                    + "&client-ca=/etc/ca.pem&proxy=required&trusted=10.0.0.0/8,::1/128",
                ""));
  }

  @Test
  void an_empty_file_says_nothing() throws IOException {
    assertThat(YamlFile.read(write("# nothing yet\n"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name: a;mqt: 1      | , line 2 has the unknown key 'mqt'; did you mean 'mqtt'?
          zzzzzzzzzz: 1       | , line 1 has the unknown key 'zzzzzzzzzz'; 'limpet node --help' lists
          name:               | , line 1 needs a value or a list of values for 'name'
          name: {a: b}        | , line 1 needs a value or a list of values for 'name'
          name: a;name: b     | 'name' in
          - a                 | , line 1 expects 'key: value'
          name: [a;b: c       | , line 2 is not YAML: expected ',' or ']', but got
          listners: 1         | , line 1 has the unknown key 'listners'; did you mean 'listeners'?
          name: a;---;name: b | starts a second document
          listeners: 5                     | , line 1 has 'listeners' without a list: write '- mqtt:
          listeners: mqtt://127.0.0.1:1    | , line 1 has 'listeners' without a list: write '- mqtt:
          listeners: {address: a}          | , line 1 has 'listeners' without a list: write '- mqtt:
          listeners:;http: 1               | , line 1 has 'listeners' without a list: write '- mqtt:
          listeners:;- mode: direct;http: 1 | , line 2 has a listener without an address: add
          listeners:;- address: {a: b}     | , line 2 has a listener whose 'address' is not a value
          listeners:;- address: []         | , line 2 has a listener whose 'address' is not a value
          listeners:;- mode: a;  mode: b   | , line 3 has a listener with 'mode' twice: keep one
          listeners:;- address: a;  mod: b | , line 3 has a listener with the unknown key 'mod'; did you mean 'mode'?
          listeners:;- address: a;  zzzzzzzzzzzzzz: b | , line 3 has a listener with the unknown key 'zzzzzzzzzzzzzz': write one of address, mode
          listeners:;- mqtt://127.0.0.1:1;- 5 | , line 3 is '5', but the scheme '' is unknown
          listeners:;- mqtt://127.0.0.1:1;- address: mqtt://127.0.0.1:2;  mode: x | , line 3 is 'mqtt://127.0.0.1:2?mode=x', but the mode 'x' is unknown
          listeners:;- [a]                 | , line 2 needs a value or a list of values for 'listeners'
          listener: [{address: a}]         | needs a value or a list of values for 'listener'
          listener: a;listeners: [mqtt://127.0.0.1:1] | 'listeners' in
          """)
  void what_cannot_be_read_is_refused_with_file_and_line(String text, String sentence)
      throws IOException {
    Path file = write(text.replace(';', '\n') + "\n");
    assertThatThrownBy(() -> YamlFile.read(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(sentence)
        .hasMessageContaining("limpet.yaml");
  }

  @Test
  void a_tab_is_found_in_the_line_where_it_is() throws IOException {
    Path file = write("name: a\n\tmqtt: 1\n");
    assertThatThrownBy(() -> YamlFile.read(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(", line 2 is not YAML: found character '\\t(TAB)'");
  }

  @Test
  void a_file_that_is_not_there_is_named() {
    assertThatThrownBy(() -> YamlFile.read(Path.of("/nowhere/limpet.yaml")))
        .isInstanceOf(ConfigException.class)
        .hasMessage("there is no file /nowhere/limpet.yaml: correct --config or LIMPET_CONFIG");
    assertThatThrownBy(() -> YamlFile.read(dir))
        .isInstanceOf(ConfigException.class)
        .hasMessage(dir + " is a directory, not a file: correct --config or LIMPET_CONFIG");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(dir.resolve("limpet.yaml"), text);
  }
}
