package dev.limpet.broker.connection.listener;

import dev.limpet.broker.connection.pending.PendingHandshakes;
import dev.limpet.broker.connection.pending.SourceAddress;
import dev.limpet.broker.events.Client;
import dev.limpet.broker.events.EventKind;
import dev.limpet.broker.events.EventLog;
import dev.limpet.broker.files.FileWatch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Prepares every socket of one listener for its first byte of MQTT. Any plain TCP server may accept
 * the sockets.
 *
 * <p>Thread-safe.
 */
public final class ListenerPipeline {
  private final ListenerOptions options;
  private final ConnectGate gate;
  private final PendingHandshakes pending;
  private final EventLog events;
  private final @Nullable TlsContexts tls;

  private ListenerPipeline(
      ListenerOptions options, ConnectGate gate, @Nullable TlsContexts tls, EventLog events) {
    this.options = options;
    this.gate = gate;
    this.tls = tls;
    this.events = events;
    ListenerOptions.Limits limits = options.limits();
    this.pending =
        new PendingHandshakes(
            limits.handshakesMax(), limits.handshakesPerAddressMax(), System::nanoTime);
  }

  /**
   * Reads the certificates, if there are any. Blocks.
   *
   * @param watch reads them again when they change
   * @param registry shows connections and refusals
   * @throws IOException when they cannot be used; the message names the file
   */
  public static ListenerPipeline open(
      ListenerOptions options, FileWatch watch, MeterRegistry registry) throws IOException {
    return open(options, watch, registry, new EventLog());
  }

  /** The same for a node with an event log. */
  public static ListenerPipeline open(
      ListenerOptions options, FileWatch watch, MeterRegistry registry, EventLog events)
      throws IOException {
    TlsOptions tls = options.tls();
    ListenerPipeline opened =
        new ListenerPipeline(
            options,
            new ConnectGate(options, registry, System::nanoTime),
            tls == null ? null : new TlsContexts(tls, options.limits().handshakeMillisMax(), watch),
            events);
    Gauge.builder("limpet.listener.handshakes", opened.pending, PendingHandshakes::size)
        .description("Open sockets of a listener that have not sent a complete CONNECT")
        .tag("listener", options.name())
        .register(registry);
    return opened;
  }

  /**
   * Leads a new socket through, or closes it. On the socket's event loop, before a byte was read.
   *
   * @param next gets the socket when it carries nothing but MQTT, on its event loop; may be at once
   */
  public void enter(Channel socket, Consumer<ClientSocket> next) {
    ConnectGate.Refusal refused = gate.enter(pending::makeRoom);
    if (refused != null) {
      tellRefused(String.valueOf(ClientSocket.addressOf(socket)), refused.words());
      socket.close();
      return;
    }
    PendingHandshakes.Place place = placeOf(socket);
    socket
        .closeFuture()
        .addListener(
            closed -> {
              place.end();
              gate.leave();
            });
    if (options.proxy() == null && tls == null && options.webSocket() == null) {
      ClientSocket clientSocket = ClientSocket.plain(socket, options, place);
      next.accept(clientSocket);
    } else {
      new PipelineSetup(this, socket, place, next).begin();
    }
  }

  /** A client behind a proxy has its own address, which the PROXY header gives. */
  private PendingHandshakes.Place placeOf(Channel socket) {
    SourceAddress source =
        SourceAddress.of(((InetSocketAddress) socket.remoteAddress()).getAddress());
    return pending.enter(source, options.proxy() == null, why -> cut(socket, source, why));
  }

  private void cut(Channel socket, SourceAddress source, PendingHandshakes.Cut why) {
    boolean isShare = why == PendingHandshakes.Cut.ADDRESS;
    ConnectGate.Refusal refusal =
        isShare
            ? ConnectGate.Refusal.HANDSHAKES_PER_ADDRESS_MAX
            : ConnectGate.Refusal.HANDSHAKES_MAX;
    gate.refused(refusal);
    tellRefused(String.valueOf(source), refusal.words());
    socket.close();
  }

  /** A socket is closed before its CONNECT was read. */
  void tellRefused(String address, String why) {
    events.tell(EventKind.SOCKET_REFUSED, Client.unknown(address, options.name()), why);
  }

  /** Closes sockets that only wait, when descriptors are short; false when there are none. */
  public boolean makeRoom() {
    return pending.makeRoom();
  }

  ListenerOptions options() {
    return options;
  }

  ConnectGate gate() {
    return gate;
  }

  @Nullable TlsContexts tls() {
    return tls;
  }
}
