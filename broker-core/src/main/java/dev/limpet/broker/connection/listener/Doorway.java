package dev.limpet.broker.connection.listener;

import dev.limpet.broker.files.FileWatch;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What every socket of one listener goes through before its first byte of MQTT. The server that
 * accepts the sockets is plain TCP; whose it is does not matter here.
 *
 * <p>Thread-safe.
 */
public final class Doorway {
  private final ListenerOptions options;
  private final ConnectGate gate;
  private final @Nullable TlsContexts tls;

  private Doorway(ListenerOptions options, ConnectGate gate, @Nullable TlsContexts tls) {
    this.options = options;
    this.gate = gate;
    this.tls = tls;
  }

  /**
   * Reads the certificates, if there are any. Blocks.
   *
   * @param watch reads them again when they change
   * @param registry shows connections and refusals
   * @throws IOException when they cannot be used; the message names the file
   */
  public static Doorway open(ListenerOptions options, FileWatch watch, MeterRegistry registry)
      throws IOException {
    TlsOptions tls = options.tls();
    return new Doorway(
        options,
        new ConnectGate(options, registry, System::nanoTime),
        tls == null ? null : new TlsContexts(tls, options.limits().handshakeMillisMax(), watch));
  }

  /**
   * Leads a new socket through, or closes it. On the socket's event loop, before a byte was read.
   *
   * @param next gets the socket when it carries nothing but MQTT, on its event loop; may be at once
   */
  public void enter(Channel socket, Consumer<Visitor> next) {
    if (!gate.enter()) {
      socket.close();
      return;
    }
    socket.closeFuture().addListener(closed -> gate.leave());
    if (options.proxy() == null && tls == null && options.webSocket() == null) {
      Visitor visitor = Visitor.plain(socket, options.guards());
      visitor.attach();
      next.accept(visitor);
    } else {
      new Arrival(this, socket, next).begin();
    }
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
