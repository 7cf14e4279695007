package dev.limpet.broker.connection.listener;

/**
 * Configures MQTT in WebSocket frames (MQTT 5.0 section 6). Immutable.
 *
 * @param path of the only resource, beginning with a slash
 * @param frameBytesMax payload of one frame, default 1 MiB and some: a packet of the default size
 *     and its header in one frame
 */
public record WebSocketOptions(String path, int frameBytesMax) {
  private static final int FRAME_BYTES_MAX = (1 << 20) + 65_536;

  /** The usual bound of a frame. */
  public static WebSocketOptions at(String path) {
    return new WebSocketOptions(path, FRAME_BYTES_MAX);
  }
}
