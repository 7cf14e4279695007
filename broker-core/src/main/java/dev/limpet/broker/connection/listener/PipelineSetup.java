package dev.limpet.broker.connection.listener;

import dev.limpet.broker.connection.listener.ConnectGate.Refusal;
import dev.limpet.broker.connection.pending.PendingHandshakes;
import dev.limpet.broker.connection.pending.SourceAddress;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Leads one socket through a {@link ListenerPipeline}: PROXY header, TLS, WebSocket, each if its
 * listener has it, in this order. Stays behind the handlers of the current step, and leaves the
 * pipeline after the last.
 *
 * <p>Confined to its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close or write that fails shows as inactive
final class PipelineSetup extends ChannelInboundHandlerAdapter {
  private static final String NAME = "limpet-arrival";
  private static final int HTTP_LINE_BYTES_MAX = 4_096;
  private static final int HTTP_HEADERS_BYTES_MAX = 16_384;
  private static final int HTTP_BODY_BYTES_MAX = 1_024;

  private final ListenerPipeline pipeline;
  private final Channel socket;
  private final PendingHandshakes.Place place;
  private final Consumer<ClientSocket> next;
  private @Nullable ScheduledFuture<?> timeout;
  private SocketAddress address;
  private @Nullable String certificateName;
  private ListenerGuards guards;
  private boolean upgrading;
  private boolean done;

  PipelineSetup(
      ListenerPipeline pipeline,
      Channel socket,
      PendingHandshakes.Place place,
      Consumer<ClientSocket> next) {
    this.pipeline = pipeline;
    this.socket = socket;
    this.place = place;
    this.next = next;
    this.address = ClientSocket.addressOf(socket);
    this.guards = pipeline.options().guards();
  }

  void begin() {
    socket.pipeline().addLast(NAME, this);
    timeout =
        socket
            .eventLoop()
            .schedule(
                () -> refuse(Refusal.TIMEOUT, "too slow"),
                pipeline.options().limits().handshakeMillisMax(),
                TimeUnit.MILLISECONDS);
    ProxyOptions proxy = pipeline.options().proxy();
    if (proxy == null) {
      secure();
    } else if (!proxy.trusted().test(address.hostAddress())) {
      refuse(Refusal.UNTRUSTED_PROXY, "not a trusted proxy");
    } else {
      socket.pipeline().addBefore(NAME, "limpet-proxy", new ProxyHeaderHandler(this::proxied));
    }
  }

  private void proxied(ProxyHeader header) {
    if (header.source() != null) {
      address = header.source();
      SourceAddress real = SourceAddress.parse(address.hostAddress());
      if (real != null) {
        place.is(real);
      }
    }
    ProxyOptions proxy = pipeline.options().proxy();
    if (proxy != null && proxy.namesUser()) {
      certificateName = header.certificateName();
    }
    String guardsName = header.guardsName();
    if (proxy != null && proxy.guards() != null && guardsName != null) {
      ListenerGuards found = proxy.guards().apply(guardsName);
      if (found == null) {
        refuse(Refusal.UNKNOWN_GUARDS, guardsName);
        return;
      }
      guards = found;
    }
    secure();
  }

  private void secure() {
    TlsContexts tls = pipeline.tls();
    if (tls == null) {
      upgrade();
    } else {
      socket.pipeline().addBefore(NAME, "limpet-tls", tls.newHandler(socket.alloc()));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        secured();
      } else {
        refuse(Refusal.TLS, String.valueOf(handshake.cause()));
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  private void secured() {
    TlsOptions tls = pipeline.options().tls();
    if (tls != null && tls.clientCa() != null) {
      certificateName = peerName();
      if (certificateName == null) {
        refuse(Refusal.CERTIFICATE, "a certificate without a common name");
        return;
      }
    }
    upgrade();
  }

  private @Nullable String peerName() {
    try {
      Certificate[] chain =
          socket.pipeline().get(SslHandler.class).engine().getSession().getPeerCertificates();
      return chain[0] instanceof X509Certificate own ? CertificateNames.commonName(own) : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  private void upgrade() {
    if (pipeline.options().webSocket() == null) {
      arrived(pipeline.tls() == null);
      return;
    }
    socket
        .pipeline()
        .addBefore(
            NAME,
            "limpet-http",
            new HttpServerCodec(
                HTTP_LINE_BYTES_MAX, HTTP_HEADERS_BYTES_MAX, HTTP_HEADERS_BYTES_MAX))
        .addBefore(NAME, "limpet-http-body", new HttpObjectAggregator(HTTP_BODY_BYTES_MAX));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof FullHttpRequest request && !upgrading && !done) {
        upgrading = true;
        upgrade(ctx, request);
      } else if (!done) {
        // RFC 6455 section 4.1: a client waits for the answer before it sends anything.
        refuse(Refusal.WEB_SOCKET, "bytes before their time");
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void upgrade(ChannelHandlerContext ctx, FullHttpRequest request) {
    WebSocketOptions options = pipeline.options().webSocket();
    if (options == null) {
      return; // then no request is read
    }
    HttpResponseStatus refusal = WebSocketUpgrade.refusal(request, options);
    if (refusal != null) {
      end();
      pipeline.gate().refused(Refusal.WEB_SOCKET);
      pipeline.tellRefused(
          String.valueOf(address), Refusal.WEB_SOCKET.words() + ": told " + refusal);
      WebSocketUpgrade.refuse(ctx, refusal);
      return;
    }
    ChannelFuture upgraded = WebSocketUpgrade.upgrade(ctx, request, options);
    upgraded.addListener(
        written -> {
          if (written.isSuccess() && !done) {
            ctx.pipeline().addBefore(NAME, "limpet-frames", new WebSocketFrames());
            arrived(false);
          }
        });
  }

  private void arrived(boolean halfCloses) {
    end();
    ProxyOptions proxy = pipeline.options().proxy();
    ClientSocket clientSocket =
        new ClientSocket(
            socket,
            address,
            proxy != null && proxy.isOfCluster(),
            halfCloses,
            certificateName,
            guards,
            pipeline.options().name(),
            place);
    socket.pipeline().remove(this);
    next.accept(clientSocket);
  }

  private void refuse(Refusal why, String detail) {
    if (!done) {
      end();
      pipeline.gate().refused(why);
      pipeline.tellRefused(String.valueOf(address), why.words() + ": " + detail);
      socket.close();
    }
  }

  private void end() {
    done = true;
    if (timeout != null) {
      timeout.cancel(false);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!done) {
      end();
      if (!place.isCut()) {
        pipeline.gate().refused(Refusal.CLOSED_EARLY);
      }
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Refusal why =
        cause instanceof ProxyHeaderException
            ? Refusal.PROXY_HEADER
            : ctx.pipeline().get(HttpServerCodec.class) == null ? Refusal.TLS : Refusal.WEB_SOCKET;
    refuse(why, cause.toString());
    ctx.close();
  }
}
