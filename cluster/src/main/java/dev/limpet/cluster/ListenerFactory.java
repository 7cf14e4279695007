package dev.limpet.cluster;

import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.listener.Cidr;
import dev.limpet.broker.connection.listener.ListenerGuards;
import dev.limpet.broker.connection.listener.ListenerOptions;
import dev.limpet.broker.connection.listener.ListenerPipeline;
import dev.limpet.broker.connection.listener.ProxyOptions;
import dev.limpet.broker.connection.listener.TlsOptions;
import dev.limpet.broker.connection.listener.WebSocketOptions;
import dev.limpet.broker.events.EventLog;
import dev.limpet.broker.files.FileWatch;
import dev.limpet.cluster.config.HandshakeLimits;
import dev.limpet.cluster.config.ListenerTerms;
import dev.limpet.cluster.config.ListenerUri;
import dev.limpet.lb.FrontendOptions;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Makes the {@link ListenerPipeline}s of a node's listeners. Thread-safe. */
final class ListenerFactory {

  /** Bytes a frame may hold beside a packet of the largest size. */
  private static final int FRAME_BYTES_EXTRA = 65_536;

  private final MeterRegistry registry;
  private final FileWatch watch;
  private final EventLog events;
  private final ConnectionOptions connection;
  private final HandshakeLimits handshakes;
  private final int relaysMax;
  private final Map<String, ListenerGuards> guards;

  /**
   * @param watch reads certificates again when they change
   * @param options with the guards of listeners
   * @param events told whom they refuse
   */
  ListenerFactory(
      MeterRegistry registry, FileWatch watch, ClusteredBrokerOptions options, EventLog events) {
    this.registry = registry;
    this.events = events;
    this.watch = watch;
    this.connection = options.broker().connection();
    this.guards = options.guards().listeners();
    this.handshakes = options.handshakes();
    this.relaysMax = relaysMax(options.listeners());
  }

  /** Nodes have equal listener options: all clients of a peer's may have their home here. */
  private static int relaysMax(List<ListenerUri> listeners) {
    long sum =
        listeners.stream()
            .filter(ListenerUri::isSticky)
            .mapToLong(each -> connectionsMax(each.terms()))
            .sum();
    long usual = ListenerOptions.Limits.DEFAULTS.connectionsMax();
    return (int) Math.min(Integer.MAX_VALUE, Math.max(usual, sum));
  }

  private static int connectionsMax(ListenerTerms terms) {
    return terms.connectionsMax().orElse(ListenerOptions.Limits.DEFAULTS.connectionsMax());
  }

  /** Returns the bounds of a sticky listener's frontend. */
  FrontendOptions frontend(ListenerUri listener) {
    int connectBytesMax = connection.packets().connectBytesMax();
    return FrontendOptions.builder()
        .connectBytesMax(connectBytesMax)
        .connectTimeoutMillis(connection.connectTimeoutMillis())
        .handshakesMax(handshakes.connectionsMax())
        // Room for the largest CONNECT there may be, however large that is.
        .handshakeBytesMax(Math.max(handshakes.bytesMax(), connectBytesMax))
        .connectionsMax(connectionsMax(listener.terms()))
        .build();
  }

  /** For a listener. Reads certificates: blocks. */
  ListenerPipeline open(ListenerUri listener) throws IOException {
    return ListenerPipeline.open(options(listener), watch, registry, events);
  }

  /**
   * For the port where frontends bring clients home.
   *
   * @param mayRelay whether a host is one of the cluster's
   * @param namesUser whether it may say whose certificate it has seen
   */
  ListenerPipeline relay(Predicate<String> mayRelay, boolean namesUser) {
    try {
      return ListenerPipeline.open(
          ListenerOptions.tcp("relay")
              .withLimits(limits(relaysMax, 0))
              .withProxy(new ProxyOptions(mayRelay, namesUser, guards::get)),
          watch,
          registry,
          events);
    } catch (IOException e) {
      throw new UncheckedIOException("a pipeline without files", e);
    }
  }

  private ListenerOptions.Limits limits(int connectionsMax, int connectsPerSecondMax) {
    return new ListenerOptions.Limits(
        connectionsMax,
        connectsPerSecondMax,
        connection.connectTimeoutMillis(),
        handshakes.connectionsMax(),
        handshakes.perAddressMax());
  }

  /** Returns the pipeline options of a listener's sockets. */
  ListenerOptions options(ListenerUri listener) {
    ListenerTerms terms = listener.terms();
    int rate =
        terms.connectsPerSecondMax().orElse(ListenerOptions.Limits.DEFAULTS.connectsPerSecondMax());
    ListenerOptions options =
        ListenerOptions.tcp(listener.scheme().word() + "://" + listener.address())
            .withLimits(limits(connectionsMax(terms), rate));
    if (!terms.access().isNodes()) {
      ListenerGuards own = guards.get(terms.access().name());
      if (own == null) {
        throw new IllegalArgumentException("no guards for the clients of " + listener);
      }
      options = options.withGuards(own);
    }
    if (terms.isBehindProxy()) {
      options = options.withProxy(new ProxyOptions(trusted(terms.trusted()), false));
    }
    if (listener.scheme().isTls()) {
      List<TlsOptions.Identity> identities =
          terms.certificates().stream()
              .map(each -> new TlsOptions.Identity(each.chain(), each.key()))
              .toList();
      options = options.withTls(new TlsOptions(identities, terms.clientCa().orElse(null)));
    }
    return listener.scheme().isWebSocket()
        ? options.withWebSocket(
            new WebSocketOptions(listener.path(), connection.packetBytesMax() + FRAME_BYTES_EXTRA))
        : options;
  }

  private static Predicate<String> trusted(List<String> ranges) {
    List<Cidr> all = ranges.stream().map(Cidr::parse).toList();
    return host -> all.stream().anyMatch(range -> range.test(host));
  }
}
