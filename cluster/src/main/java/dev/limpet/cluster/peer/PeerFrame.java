package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.BinaryWriter;
import io.vertx.core.buffer.Buffer;

/**
 * Represents an outgoing frame: four bytes of length, the kind, the number of the request (0 for
 * none) and a body. Immutable.
 *
 * @param head first part of the body
 * @param tail second part, which may be shared with frames to other peers
 */
record PeerFrame(FrameKind kind, long request, Buffer head, Buffer tail) {

  static final Buffer EMPTY = Buffer.buffer(0);

  /** Length, kind and the longest number of a request. */
  private static final int OVERHEAD_BYTES = 4 + 1 + 9;

  static PeerFrame of(FrameKind kind, Buffer body) {
    return new PeerFrame(kind, 0, body, EMPTY);
  }

  /** Bytes on the wire, at most. */
  int bytes() {
    return OVERHEAD_BYTES + head.length() + tail.length();
  }

  void writeTo(Buffer out) {
    int start = out.length();
    out.appendInt(0);
    new BinaryWriter(out).u8(kind.ordinal()).varint(request);
    out.appendBuffer(head).appendBuffer(tail);
    out.setInt(start, out.length() - start - Integer.BYTES);
  }
}
