package dev.limpet.cluster;

import dev.limpet.broker.access.AccessFile;
import dev.limpet.broker.access.AuthenticatorChain;
import dev.limpet.broker.access.AuthorizerChain;
import dev.limpet.broker.access.PasswordFile;
import dev.limpet.broker.files.FileWatch;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.EnhancedAuthenticator;
import dev.limpet.cluster.config.ConfigException;
import dev.limpet.cluster.config.NodeOptions;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The guards that an operator's files make, and the threads that read and hash for them.
 *
 * <p>Thread-safe; to be closed after the node.
 */
public final class NodeAccess implements AutoCloseable {
  private final FileWatch watch = new FileWatch();
  private final @Nullable PasswordFile passwords;
  private final ClusteredBrokerOptions.Guards guards;

  private NodeAccess(NodeOptions options, MeterRegistry registry) throws IOException {
    Path users = options.access().passwords().orElse(null);
    this.passwords = users == null ? null : PasswordFile.open(users, watch, registry);
    Path rules = options.access().rules().orElse(null);
    Authorizer authorizer =
        rules == null
            ? Authorizer.ALLOW_ALL
            : new AuthorizerChain(List.of(AccessFile.open(rules, watch)));
    this.guards =
        new ClusteredBrokerOptions.Guards(
            authenticator(passwords, options.allowAnonymous()),
            passwords == null ? EnhancedAuthenticator.NONE : passwords.scram(),
            authorizer,
            BrokerEvents.NONE);
  }

  /**
   * Reads the files, now and when they change. Blocks.
   *
   * @throws ConfigException when one cannot be used to begin with
   */
  public static NodeAccess open(NodeOptions options, MeterRegistry registry) {
    try {
      return new NodeAccess(options, registry);
    } catch (IOException e) {
      throw new ConfigException("the access files cannot be used: " + e.getMessage(), e);
    }
  }

  private static Authenticator authenticator(
      @Nullable PasswordFile passwords, boolean allowAnonymous) {
    if (passwords == null) {
      return Authenticator.ANONYMOUS;
    }
    List<Authenticator> chain = new ArrayList<>(List.of(passwords));
    if (allowAnonymous) {
      chain.add(AuthenticatorChain.UNNAMED);
    }
    return new AuthenticatorChain(chain);
  }

  /** For {@link ClusteredBrokerOptions}. */
  public ClusteredBrokerOptions.Guards guards() {
    return guards;
  }

  @Override
  public void close() {
    watch.close();
    if (passwords != null) {
      passwords.close();
    }
  }
}
