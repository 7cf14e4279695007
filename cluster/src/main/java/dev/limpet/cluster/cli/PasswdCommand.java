package dev.limpet.cluster.cli;

import dev.limpet.broker.access.PasswordEditor;
import dev.limpet.broker.files.FileProblemException;
import dev.limpet.cluster.cli.client.CliException;
import dev.limpet.cluster.cli.client.ManifestVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code limpet passwd}. Confined to the main thread. */
@Command(
    name = "passwd",
    description =
        "Sets a user's password in a password file; asks for it, or reads a line of standard input.",
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class)
final class PasswdCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The password file; created if missing.")
  @SuppressWarnings("NullAway.Init")
  private Path file;

  @Parameters(index = "1", paramLabel = "USER", description = "The user's name.")
  @SuppressWarnings("NullAway.Init")
  private String user;

  @Option(
      names = "--scram",
      description =
          "Also store SCRAM-SHA-256 keys, from which whoever steals the file can guess passwords"
              + " faster. Default: false.")
  private boolean scram;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private final PasswordSource passwords;

  PasswdCommand(PasswordSource passwords) {
    this.passwords = passwords;
  }

  @Override
  public Integer call() {
    try {
      PasswordEditor.put(file, user, passwords.ask(user), scram);
    } catch (FileProblemException e) {
      throw new CliException("the password was not set: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new CliException("cannot write " + file + ": " + e, e);
    }
    spec.commandLine().getOut().println("the password of " + user + " is set in " + file);
    return 0;
  }
}
