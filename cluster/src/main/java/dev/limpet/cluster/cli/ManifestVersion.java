package dev.limpet.cluster.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** Reads the version that the build wrote into the jar's manifest. Stateless. */
final class ManifestVersion implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"limpet " + version()};
  }

  /** The version, or a word for classes that were not packaged. */
  static String version() {
    return Optional.ofNullable(Limpet.class.getPackage().getImplementationVersion())
        .orElse("(unpackaged)");
  }
}
