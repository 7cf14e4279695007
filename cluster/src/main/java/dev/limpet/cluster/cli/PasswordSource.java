package dev.limpet.cluster.cli;

import dev.limpet.cluster.cli.client.CliException;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Supplies a new password. */
@FunctionalInterface
interface PasswordSource {

  /**
   * @throws CliException when there is none
   */
  String ask(String user) throws IOException;

  /** Asks twice without an echo at a terminal, else reads one line of standard input. */
  static String terminalOrInput(String user) throws IOException {
    Console console = System.console();
    if (console != null) {
      String password = typed(console, "Password of " + user + ": ");
      if (!password.equals(typed(console, "Again: "))) {
        throw new CliException("the two passwords differ: nothing was changed");
      }
      return password;
    }
    String line =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    if (line == null) {
      throw new CliException("standard input is empty: write the password there");
    }
    return line;
  }

  private static String typed(Console console, String prompt) {
    char[] typed = console.readPassword("%s", prompt);
    if (typed == null) {
      throw new CliException("no password was typed: nothing was changed");
    }
    return new String(typed);
  }
}
