package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.BinaryReader;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Splits a stream of bytes into frames. Confined to the connection's event loop. */
final class FrameSplitter {

  /** Who gets the frames, in order. */
  @FunctionalInterface
  interface Sink {
    /**
     * @param body may only be read during the call
     */
    void frame(FrameKind kind, long request, BinaryReader body);
  }

  private final int frameBytesMax;
  private final Sink sink;
  private @Nullable Buffer rest;

  FrameSplitter(int frameBytesMax, Sink sink) {
    this.frameBytesMax = frameBytesMax;
    this.sink = sink;
  }

  /**
   * @throws IllegalArgumentException on bytes that are no frames; the stream is useless then
   */
  void feed(Buffer chunk) {
    Buffer bytes = rest == null ? chunk : rest.appendBuffer(chunk);
    int at = 0;
    while (bytes.length() - at >= Integer.BYTES) {
      int length = bytes.getInt(at);
      if (length < 2 || length > frameBytesMax) {
        throw new IllegalArgumentException("a frame of " + length + " bytes");
      }
      int end = at + Integer.BYTES + length;
      if (bytes.length() < end) {
        break;
      }
      BinaryReader body = new BinaryReader(bytes, at + Integer.BYTES, end);
      sink.frame(FrameKind.of(body.u8()), body.varint(), body);
      at = end;
    }
    rest = at == bytes.length() ? null : remainder(bytes, at);
  }

  /** A long frame that comes in many chunks is gathered in place. */
  private Buffer remainder(Buffer bytes, int at) {
    return at == 0 && rest != null ? bytes : bytes.getBuffer(at, bytes.length());
  }
}
