package dev.limpet.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PasswdTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String password, String... args) {
    CommandLine command = new CommandLine(new PasswdCommand(user -> password));
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    command.setExecutionExceptionHandler(ErrorMessages::failure);
    return command.execute(args);
  }

  @Test
  void a_user_gets_a_password() throws IOException {
    Path file = folder.resolve("users");
    assertThat(run("secret", file.toString(), "alice")).isZero();
    assertThat(out.toString()).contains("alice").doesNotContain("secret");
    assertThat(Files.readString(file)).startsWith("alice:$2b$").doesNotContain("secret");
  }

  @Test
  void what_cannot_be_set_is_said_in_a_sentence() {
    Path file = folder.resolve("users");
    assertThat(run("", file.toString(), "alice")).isEqualTo(ErrorMessages.FAILURE);
    assertThat(err.toString()).contains("limpet: the password was not set: a password has 1 to 71");
    assertThat(run("x", folder.resolve("none/users").toString(), "alice"))
        .isEqualTo(ErrorMessages.FAILURE);
    assertThat(err.toString()).contains("there is no directory " + folder.resolve("none"));
    assertThat(file).doesNotExist();
  }
}
