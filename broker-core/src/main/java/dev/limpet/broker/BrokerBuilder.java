package dev.limpet.broker;

import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.EnhancedAuthenticator;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Configures a broker embedded in another program, as one node or a cluster: unset options default
 * to those of a standalone node. Confined to its caller's thread.
 *
 * @param <B> the builder itself
 */
public abstract class BrokerBuilder<B extends BrokerBuilder<B>> {

  /** The default address of embedded brokers. */
  protected static final String LOOPBACK = "127.0.0.1";

  private static final int PORT_MAX = 65_535;

  private BrokerOptions options = BrokerOptions.DEFAULTS;
  private @Nullable Authenticator authenticator;
  private EnhancedAuthenticator enhanced = EnhancedAuthenticator.NONE;
  private Authorizer authorizer = Authorizer.ALLOW_ALL;
  private BrokerEvents events = BrokerEvents.NONE;
  private @Nullable Integer port;

  /** For the builders of this project. */
  protected BrokerBuilder() {}

  /** This. */
  protected abstract B self();

  /** Bounds and habits, default {@link BrokerOptions#DEFAULTS}: every limit there is. */
  public B options(BrokerOptions value) {
    options = value;
    return self();
  }

  /**
   * Decides which clients are admitted; by default all on this machine. A listener on another
   * address requires one, at least {@link Authenticator#ANONYMOUS}.
   */
  public B authenticator(Authenticator value) {
    authenticator = value;
    return self();
  }

  /** Methods that take several messages, default none. */
  public B enhanced(EnhancedAuthenticator value) {
    enhanced = value;
    return self();
  }

  /** Decides what clients may publish and subscribe to; by default everything. */
  public B authorizer(Authorizer value) {
    authorizer = value;
    return self();
  }

  /** Listens to connection events; by default nothing does. */
  public B events(BrokerEvents value) {
    events = value;
    return self();
  }

  /**
   * Where plain TCP is served, on 127.0.0.1; of a cluster, by its first node, and the next ports by
   * the others. Default any free one, and none where listeners are given.
   *
   * @param value 1 to 65,535, or 0 for any free one
   * @throws IllegalArgumentException when it is none of these
   */
  public B port(int value) {
    if (value < 0 || value > PORT_MAX) {
      throw new IllegalArgumentException(
          "port %d is not between 0 and %d: choose one there, 0 for any free one"
              .formatted(value, PORT_MAX));
    }
    port = value;
    return self();
  }

  /** The configured value, or the default. */
  protected final BrokerOptions options() {
    return options;
  }

  /** The configured authenticator; by default it admits every client. */
  protected final Authenticator authenticator() {
    return authenticator == null ? Authenticator.ANONYMOUS : authenticator;
  }

  /** The configured value, or the default. */
  protected final EnhancedAuthenticator enhanced() {
    return enhanced;
  }

  /** The configured value, or the default. */
  protected final Authorizer authorizer() {
    return authorizer;
  }

  /** The configured value, or the default. */
  protected final BrokerEvents events() {
    return events;
  }

  /** The configured port, or null. */
  protected final @Nullable Integer port() {
    return port;
  }

  /**
   * Refuses to admit clients from other machines unless the configuration says so.
   *
   * @throws IllegalStateException when a host is not a loopback address and no authenticator is
   *     configured
   */
  protected final void requireDecision(String host) {
    if (authenticator == null && !isLoopback(host)) {
      throw new IllegalStateException(
          "%s can be reached from other machines: choose who is admitted with authenticator(…), Authenticator.ANONYMOUS for everybody, or listen on %s"
              .formatted(host, LOOPBACK));
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("no address is known for host " + host, e);
    }
  }
}
