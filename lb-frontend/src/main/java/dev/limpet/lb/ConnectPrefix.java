package dev.limpet.lb;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the start of a CONNECT packet up to the client id (MQTT 3.1, 3.1.1 and 5.0), without
 * consuming bytes and without allocating anything before the id is complete.
 *
 * <p>A parse costs the same for any number of bytes (properties are skipped by their length), so it
 * is simply repeated from the start when more bytes have come. Confined to one call of {@link
 * #parse}.
 */
final class ConnectPrefix {

  /** The result of parsing the bytes so far. */
  sealed interface Result permits Incomplete, Identified, LeftToBroker, Rejected {}

  /**
   * The client id is not complete.
   *
   * @param bytesMin how many bytes from the start of the packet are needed at least to get further;
   *     as announced by the client, so only good to be compared with a bound
   */
  record Incomplete(int bytesMin) implements Result {}

  /** The client id, never empty. */
  record Identified(String clientId) implements Result {}

  /**
   * A CONNECT whose client has no id of its own, or which some broker has to refuse with the right
   * reason code: any node will do.
   */
  record LeftToBroker(String why) implements Result {}

  /** Not a CONNECT: nothing to answer. */
  record Rejected(RejectReason reason) implements Result {}

  private static final int CONNECT_TYPE_AND_FLAGS = 0x10;
  private static final byte[] NAME_3_1 = {0, 6, 'M', 'Q', 'I', 's', 'd', 'p'};
  private static final byte[] NAME = {0, 4, 'M', 'Q', 'T', 'T'};
  private static final int LEVEL_3_1 = 3;
  private static final int LEVEL_3_1_1 = 4;
  private static final int LEVEL_5 = 5;

  /** Set by bridges of 3.1 and 3.1.1, whose CONNECT is like any other for the rest. */
  private static final int BRIDGE = 0x80;

  private static final int CONNECT_FLAGS_AND_KEEP_ALIVE_BYTES = 3;
  private static final int VARINT_BYTES_MAX = 4;

  /** Skips ASCII except U+0000: nearly all client ids contain nothing else. */
  private static final ByteProcessor PLAIN = value -> value > 0;

  private final ByteBuf bytes;

  /** Offset of the next byte to look at, from the reader index. */
  private int at;

  /** Offset of the first byte behind the packet, as announced. */
  private int end;

  private boolean namedAs31;

  private int level;

  /** The variable byte integer read last. */
  private int varint;

  private ConnectPrefix(ByteBuf bytes) {
    this.bytes = bytes;
  }

  /** Looks at the readable bytes of {@code bytes} and leaves its indices as they are. */
  static Result parse(ByteBuf bytes) {
    return new ConnectPrefix(bytes).parse();
  }

  private Result parse() {
    Result result = fixedHeader();
    if (result == null) {
      result = protocolName();
    }
    if (result == null) {
      result = protocolLevel();
    }
    if (result == null) {
      result = skip(CONNECT_FLAGS_AND_KEEP_ALIVE_BYTES, "ends before the properties or client id");
    }
    if (result == null && level == LEVEL_5) {
      result = properties();
    }
    return result == null ? clientId() : result;
  }

  private @Nullable Result fixedHeader() {
    if (!has(1)) {
      return new Incomplete(2);
    }
    if (next() != CONNECT_TYPE_AND_FLAGS) {
      return new Rejected(RejectReason.NOT_CONNECT);
    }
    end = Integer.MAX_VALUE;
    Result result = readVarint(new Rejected(RejectReason.REMAINING_LENGTH));
    end = at + varint;
    return result;
  }

  /** Compares the bytes present, so that a foreign protocol is noticed at its first wrong byte. */
  private @Nullable Result protocolName() {
    byte[] name = startsLike(NAME) ? NAME : NAME_3_1;
    if (!startsLike(name) || at + name.length > end) {
      return new Rejected(RejectReason.PROTOCOL_NAME);
    }
    if (!has(name.length)) {
      return new Incomplete(at + name.length);
    }
    namedAs31 = name == NAME_3_1;
    at += name.length;
    return null;
  }

  private boolean startsLike(byte[] name) {
    int comparable = Math.min(name.length, bytes.readableBytes() - at);
    for (int i = 0; i < comparable; i++) {
      if (bytes.getByte(bytes.readerIndex() + at + i) != name[i]) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Result protocolLevel() {
    Result missing = need(1, "ends before the protocol level");
    if (missing != null) {
      return missing;
    }
    level = next();
    int plain = level & ~BRIDGE;
    boolean known = namedAs31 ? plain == LEVEL_3_1 : plain == LEVEL_3_1_1 || level == LEVEL_5;
    return known ? null : new LeftToBroker("unsupported protocol level " + level);
  }

  private @Nullable Result properties() {
    Result result = readVarint(new LeftToBroker("malformed property length"));
    return result == null ? skip(varint, "properties extend beyond the packet") : result;
  }

  private Result clientId() {
    Result missing = need(2, "ends before the client id");
    if (missing != null) {
      return missing;
    }
    int length = next() << 8 | next();
    if (length == 0) {
      return new LeftToBroker("empty client id");
    }
    missing = need(length, "client id extends beyond the packet");
    if (missing != null) {
      return missing;
    }
    String clientId = utf8(bytes.readerIndex() + at, length);
    return clientId == null
        ? new LeftToBroker("client id is not well-formed UTF-8")
        : new Identified(clientId);
  }

  /** Well-formed UTF-8 without U+0000 [MQTT-1.5.4-1, MQTT-1.5.4-2], or null. */
  private @Nullable String utf8(int index, int length) {
    if (bytes.forEachByte(index, length, PLAIN) < 0) {
      return bytes.toString(index, length, StandardCharsets.ISO_8859_1);
    }
    try {
      ByteBuffer encoded = bytes.nioBuffer(index, length);
      String text = StandardCharsets.UTF_8.newDecoder().decode(encoded).toString();
      return text.indexOf('\0') < 0 ? text : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Reads a variable byte integer into {@link #varint}; at most four bytes [MQTT-1.5.5-1]. */
  private @Nullable Result readVarint(Result malformed) {
    varint = 0;
    for (int i = 0; i < VARINT_BYTES_MAX; i++) {
      if (at == end) {
        return malformed;
      }
      if (!has(1)) {
        return new Incomplete(at + 1);
      }
      int octet = next();
      varint |= (octet & 0x7F) << (7 * i);
      if (octet < 0x80) {
        return null;
      }
    }
    return malformed;
  }

  private @Nullable Result skip(int count, String whyNot) {
    if (count > end - at) {
      return new LeftToBroker(whyNot);
    }
    at += count;
    return null;
  }

  /** Null if the next {@code count} bytes are inside the packet and here. */
  private @Nullable Result need(int count, String whyNot) {
    if (count > end - at) {
      return new LeftToBroker(whyNot);
    }
    return has(count) ? null : new Incomplete(at + count);
  }

  private boolean has(int count) {
    return count <= bytes.readableBytes() - at;
  }

  private int next() {
    return bytes.getUnsignedByte(bytes.readerIndex() + at++);
  }
}
