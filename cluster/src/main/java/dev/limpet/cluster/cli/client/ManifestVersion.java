package dev.limpet.cluster.cli.client;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** Reads the version that the build wrote into the jar's manifest. Stateless. */
public final class ManifestVersion implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"limpet " + version()};
  }

  /** The version, or a word for classes that were not packaged. */
  static String version() {
    return Optional.ofNullable(ManifestVersion.class.getPackage().getImplementationVersion())
        .orElse("(unpackaged)");
  }
}
