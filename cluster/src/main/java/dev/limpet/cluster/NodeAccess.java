package dev.limpet.cluster;

import dev.limpet.broker.access.AccessFile;
import dev.limpet.broker.access.AuthenticatorChain;
import dev.limpet.broker.access.AuthorizerChain;
import dev.limpet.broker.access.CountedAuthenticator;
import dev.limpet.broker.access.CountedAuthorizer;
import dev.limpet.broker.access.CountedEnhanced;
import dev.limpet.broker.access.PasswordFile;
import dev.limpet.broker.connection.listener.ListenerGuards;
import dev.limpet.broker.files.FileWatch;
import dev.limpet.broker.files.Reread;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.EnhancedAuthenticator;
import dev.limpet.cluster.config.ConfigException;
import dev.limpet.cluster.config.ListenerAccess;
import dev.limpet.cluster.config.ListenerUri;
import dev.limpet.cluster.config.NodeOptions;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds the guards from an operator's files, and owns the threads that read and hash for them.
 *
 * <p>Thread-safe; to be closed after the node.
 */
public final class NodeAccess implements AutoCloseable {
  private final FileWatch watch = new FileWatch();
  private final Map<Path, PasswordFile> passwordFiles = new HashMap<>();
  private final Map<Path, Authorizer> ruleFiles = new HashMap<>();
  private final AccessFile.Subscriptions subscriptions;
  private final MeterRegistry registry;
  private final int timeoutMillis;
  private final ClusteredBrokerOptions.Guards guards;

  private NodeAccess(NodeOptions options, MeterRegistry registry) throws IOException {
    this.registry = registry;
    this.subscriptions = options.access().subscriptions();
    this.timeoutMillis = options.serving().broker().connection().connectTimeoutMillis();
    try {
      Optional<PasswordFile> users = passwords(options.access().passwords());
      this.guards =
          new ClusteredBrokerOptions.Guards(
              authenticator(users, options.access().allowAnonymous()),
              enhanced(users),
              rules(options.access().rules()).orElse(Authorizer.ALLOW_ALL),
              BrokerEvents.NONE,
              ofListeners(options));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private Map<String, ListenerGuards> ofListeners(NodeOptions options) throws IOException {
    Map<String, ListenerGuards> all = new HashMap<>();
    for (ListenerUri listener : options.listeners()) {
      ListenerAccess access = listener.terms().access();
      if (!access.isNodes()) {
        all.put(access.name(), guards(access, options));
      }
    }
    return all;
  }

  /** The listener's word where it has one, else the node's. */
  private ListenerGuards guards(ListenerAccess access, NodeOptions options) throws IOException {
    Authorizer authorizer = rules(access.rules()).orElse(null);
    Optional<PasswordFile> users =
        passwords(access.passwords().or(() -> options.access().passwords()));
    boolean asksLikeNode = access.passwords().isEmpty() && access.anonymous().isEmpty();
    boolean anonymous =
        access
            .anonymous()
            .orElse(access.passwords().isEmpty() && options.access().allowAnonymous());
    if (asksLikeNode || (users.isEmpty() && !anonymous)) { // then a certificate is asked for
      return new ListenerGuards(access.name(), null, null, authorizer);
    }
    return new ListenerGuards(
        access.name(), authenticator(users, anonymous), enhanced(users), authorizer);
  }

  private Optional<PasswordFile> passwords(Optional<Path> file) throws IOException {
    if (file.isPresent() && !passwordFiles.containsKey(file.get())) {
      passwordFiles.put(file.get(), PasswordFile.open(file.get(), watch, registry));
    }
    return file.map(passwordFiles::get);
  }

  private Optional<Authorizer> rules(Optional<Path> file) throws IOException {
    if (file.isPresent() && !ruleFiles.containsKey(file.get())) {
      Authorizer rules =
          new CountedAuthorizer(
              AccessFile.open(file.get(), watch, subscriptions),
              registry,
              "acl-file",
              timeoutMillis);
      ruleFiles.put(file.get(), new AuthorizerChain(List.of(rules)));
    }
    return file.map(ruleFiles::get);
  }

  private EnhancedAuthenticator enhanced(Optional<PasswordFile> users) {
    return users
        .<EnhancedAuthenticator>map(
            each -> new CountedEnhanced(each.scram(), registry, "scram", timeoutMillis))
        .orElse(EnhancedAuthenticator.NONE);
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

  private Authenticator authenticator(Optional<PasswordFile> passwords, boolean allowAnonymous) {
    if (passwords.isEmpty()) {
      return counted(Authenticator.ANONYMOUS, "anonymous");
    }
    List<Authenticator> chain = new ArrayList<>();
    chain.add(counted(passwords.get(), "password-file"));
    if (allowAnonymous) {
      chain.add(counted(AuthenticatorChain.UNNAMED, "anonymous"));
    }
    return new AuthenticatorChain(chain);
  }

  private Authenticator counted(Authenticator asked, String source) {
    return new CountedAuthenticator(asked, registry, source, timeoutMillis);
  }

  /** For {@link ClusteredBrokerOptions}. */
  public ClusteredBrokerOptions.Guards guards() {
    return guards;
  }

  /** Reads the files again. Blocks. */
  public List<Reread> readAgain() {
    return watch.readAgain();
  }

  @Override
  public void close() {
    watch.close();
    passwordFiles.values().forEach(PasswordFile::close);
  }
}
