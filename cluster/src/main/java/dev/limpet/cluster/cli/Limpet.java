package dev.limpet.cluster.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code limpet} executable. Confined to the main thread. */
@Command(
    name = "limpet",
    description = "A clustered MQTT broker whose clients come home.",
    mixinStandardHelpOptions = true,
    versionProvider = Limpet.Version.class)
public final class Limpet implements Runnable {

  private Limpet() {}

  /** Runs the command line and ends the process with its exit status. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Limpet()).execute(args));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  /** Reads the version that the build wrote into the manifest. */
  static final class Version implements CommandLine.IVersionProvider {

    @Override
    public String[] getVersion() {
      String version = Limpet.class.getPackage().getImplementationVersion();
      return new String[] {"limpet " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
