package dev.limpet.cluster.cli;

import dev.limpet.cluster.cli.client.CliException;
import dev.limpet.cluster.cli.logging.Logging;
import dev.limpet.cluster.config.ConfigException;
import dev.limpet.cluster.config.Spelling;
import dev.limpet.cluster.config.UnwritableException;
import java.util.List;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Describes an error in one sentence, never with a stack trace. Stateless. */
final class ErrorMessages {

  /** The command line, or a file it names, cannot be used. */
  static final int USAGE = 2;

  /** The command was right, but its work failed: a port in use, a peer or a node out of reach. */
  static final int FAILURE = 1;

  private ErrorMessages() {}

  /** Reports an error found by picocli. */
  static int usage(ParameterException refusal, String[] args) {
    CommandLine command = refusal.getCommandLine();
    print(command, sentence(refusal));
    command
        .getErr()
        .println("'" + command.getCommandSpec().qualifiedName() + " --help' explains the options.");
    return USAGE;
  }

  /** Reports an exception of a command. */
  static int failure(Exception failure, CommandLine command, ParseResult parsed) {
    if (failure instanceof ConfigException) {
      print(command, failure.getMessage());
      return failure instanceof UnwritableException ? FAILURE : USAGE;
    }
    Logging.forTerminal();
    LoggerFactory.getLogger(ErrorMessages.class).debug("the command failed", failure);
    print(
        command,
        failure instanceof CliException
            ? failure.getMessage()
            : "an unexpected error occurred: "
                + failure
                + "; --log-level debug or LIMPET_LOG_LEVEL=debug shows where");
    return FAILURE;
  }

  private static void print(CommandLine command, String sentence) {
    command.getErr().println("limpet: " + sentence);
  }

  private static String sentence(ParameterException refusal) {
    return refusal instanceof UnmatchedArgumentException unmatched
        ? unknown(unmatched)
        : refusal.getMessage();
  }

  private static String unknown(UnmatchedArgumentException unmatched) {
    CommandLine command = unmatched.getCommandLine();
    String word = unmatched.getUnmatched().get(0);
    boolean isOption = word.startsWith("-");
    String name = isOption ? word.split("=", 2)[0] : word;
    List<String> known =
        isOption
            ? command.getCommandSpec().options().stream().map(o -> o.longestName()).toList()
            : List.copyOf(command.getSubcommands().keySet());
    return "'"
        + command.getCommandSpec().qualifiedName()
        + "' has no "
        + (isOption ? "option " : "command ")
        + "'"
        + name
        + "'"
        + Spelling.nearest(name, known).map(near -> "; did you mean '" + near + "'?").orElse("");
  }
}
