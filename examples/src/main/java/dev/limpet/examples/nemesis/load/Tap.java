package dev.limpet.examples.nemesis.load;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import java.util.function.IntConsumer;

/**
 * Hears PUBREC in what a broker sends to a client that only publishes. Only so can a publisher go
 * on with a handshake on its next connection as MQTT demands (after PUBREC it must not send the
 * message again), since Vert.x' client answers PUBREC without a word. Confined to the event loop.
 */
final class Tap implements Handler<Buffer> {

  private static final int PUBREC = 0x50;
  private static final int HEADER_BYTES = 2;

  private final IntConsumer heard;
  private Buffer rest = Buffer.buffer();

  /**
   * @param heard gets the packet id
   */
  Tap(IntConsumer heard) {
    this.heard = heard;
  }

  /** Each packet to a publisher is so short that its length is one byte. */
  @Override
  public void handle(Buffer more) {
    rest = Buffer.buffer().appendBuffer(rest).appendBuffer(more);
    int begin = 0;
    while (rest.length() >= begin + HEADER_BYTES) {
      int end = begin + HEADER_BYTES + rest.getUnsignedByte(begin + 1);
      if (rest.length() < end) {
        break;
      }
      if (rest.getUnsignedByte(begin) == PUBREC) {
        heard.accept(rest.getUnsignedShort(begin + HEADER_BYTES));
      }
      begin = end;
    }
    rest = rest.getBuffer(begin, rest.length());
  }
}
