package dev.limpet.broker.connection.listener;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers the HTTP request that begins a WebSocket (RFC 6455 section 4.2): only this path, only
 * version 13, only with the subprotocol {@code mqtt} [MQTT-6.0.0-3], [MQTT-6.0.0-4] or the {@code
 * mqttv3.1} of older clients. Stateless.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails shows as the channel's end
final class WebSocketUpgrade {
  /** Those taken, the best first. */
  private static final List<String> SUBPROTOCOLS = List.of("mqtt", "mqttv3.1");

  private WebSocketUpgrade() {}

  /**
   * Upgrades a request that has no {@link #refusal}.
   *
   * @return done when the channel's pipeline reads and writes frames
   * @throws WebSocketHandshakeException when its key is missing
   */
  static ChannelFuture upgrade(
      ChannelHandlerContext ctx, FullHttpRequest request, WebSocketOptions options) {
    WebSocketDecoderConfig config =
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(options.frameBytesMax())
            .allowExtensions(false)
            .expectMaskedFrames(true)
            .closeOnProtocolViolation(true)
            .build();
    return new WebSocketServerHandshaker13(request.uri(), subprotocol(request), config)
        .handshake(ctx.channel(), request);
  }

  /** Why a request is not upgraded; null when it is. */
  static @Nullable HttpResponseStatus refusal(FullHttpRequest request, WebSocketOptions options) {
    if (request.decoderResult().isFailure() || !request.method().equals(HttpMethod.GET)) {
      return HttpResponseStatus.BAD_REQUEST;
    }
    String uri = request.uri();
    int query = uri.indexOf('?');
    if (!options.path().equals(query < 0 ? uri : uri.substring(0, query))) {
      return HttpResponseStatus.NOT_FOUND;
    }
    if (!request
        .headers()
        .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
      return HttpResponseStatus.UPGRADE_REQUIRED;
    }
    String version = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
    if (!WebSocketVersion.V13.toHttpHeaderValue().equals(version)) {
      return HttpResponseStatus.UPGRADE_REQUIRED;
    }
    if (!request.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)) {
      return HttpResponseStatus.BAD_REQUEST;
    }
    return subprotocol(request) == null ? HttpResponseStatus.BAD_REQUEST : null;
  }

  /** The best subprotocol offered; null when there is none to take. */
  private static @Nullable String subprotocol(FullHttpRequest request) {
    List<String> offers =
        request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
            .flatMap(value -> Arrays.stream(value.split(",", -1)))
            .map(String::strip)
            .toList();
    return SUBPROTOCOLS.stream().filter(offers::contains).findFirst().orElse(null);
  }

  /** Answers with a status and closes. */
  static void refuse(ChannelHandlerContext ctx, HttpResponseStatus status) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
      response.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
      response
          .headers()
          .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WebSocketVersion.V13.toHttpHeaderValue());
    }
    ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
