package dev.limpet.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.cluster.config.OptionKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line says to those who ask, and to those who err. */
class UsageTest {

  private final Console console = Console.withoutNodes();

  @ParameterizedTest
  @ValueSource(strings = {"node", "cluster", "status", "client", "where", "archive"})
  void every_command_explains_each_of_its_options_with_its_default(String command) {
    assertThat(console.run(command, "--help")).isZero();
    assertThat(console.err()).isEmpty();
    assertThat(console.out()).startsWith("Usage: limpet " + command).contains("\n      --");
    for (String option : console.out().split("(?m)^ {2,6}(?=(-., )?--)", -1)) {
      if (option.startsWith("--")) {
        assertThat(option).contains("Default:");
      }
    }
  }

  @Test
  void the_help_of_a_node_names_flag_and_variable_of_every_option() {
    console.run("node", "--help");
    for (OptionKey key : OptionKey.values()) {
      assertThat(console.out()).contains(key.flag()).contains(key.variable());
    }
  }

  @Test
  void the_version_has_one_line() {
    assertThat(console.run("--version")).isZero();
    assertThat(console.out()).matches("limpet \\S+\\R");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          node --mqt 1883         | 'limpet node' has no option '--mqt'; did you mean '--mqtt'?
          nod                     | 'limpet' has no command 'nod'; did you mean 'node'?
          node --mqtt             | Missing required parameter for option '--mqtt' (PORT)
          node --mqtt x           | --mqtt is 'x': write a number from 0 to 65535
          node --config /no/file  | there is no file /no/file: correct --config
          node --bind 0.0.0.0     | --bind is '0.0.0.0', which is reachable from other machines
          cluster --nodes x       | Invalid value for option '--nodes': 'x' is not an int
          cluster --nodes 0       | --nodes is 0: write a number from 1 to 26
          cluster --mqtt-base 65534 | the ports of 3 nodes exceed the range from 1 to 65535
          cluster --heap-max 1    | --heap-max is 1: write 64 or more
          cluster --ready-max 0   | --ready-max is 0: write 1 or more
          client                  | Missing required parameter: 'ID'
          """)
  void what_cannot_be_meant_is_refused_with_status_two(String words, String sentence) {
    assertThat(console.run(words.split(" "))).isEqualTo(2);
    assertThat(console.err()).startsWith("limpet: " + sentence).doesNotContain("\tat ");
    assertThat(console.out()).isEmpty();
  }

  @Test
  void a_directory_that_cannot_be_written_is_the_machines_fault() {
    assertThat(console.run("node", "--data", "/dev/null/x")).isEqualTo(1);
    assertThat(console.err()).startsWith("limpet: --data is '/dev/null/x', which this process");
  }

  @Test
  void no_command_at_all_shows_which_there_are() {
    assertThat(console.run()).isEqualTo(2);
    assertThat(console.err()).contains("Commands:").contains("limpet: say which command to run");
  }
}
