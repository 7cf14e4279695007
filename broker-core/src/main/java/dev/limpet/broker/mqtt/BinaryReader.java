package dev.limpet.broker.mqtt;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads back the values of a {@link BinaryWriter}, and advances past each.
 *
 * <p>Every method throws {@link IllegalArgumentException} on bytes no writer wrote, and allocates
 * at most in proportion to the bytes that are there. Confined to its caller; the buffer is only
 * read.
 */
public final class BinaryReader {
  private final Buffer in;
  private final int end;
  private int position;

  /** Reads the whole of {@code in}. */
  public BinaryReader(Buffer in) {
    this(in, 0, in.length());
  }

  /** Reads {@code in} from {@code start} to {@code end} (exclusive). */
  public BinaryReader(Buffer in, int start, int end) {
    if (start < 0 || start > end || end > in.length()) {
      throw new IllegalArgumentException("no such part of the buffer");
    }
    this.in = in;
    this.position = start;
    this.end = end;
  }

  /** The index in the buffer of the next byte. */
  public int position() {
    return position;
  }

  /** Bytes not read yet. */
  public int remaining() {
    return end - position;
  }

  /**
   * @throws IllegalArgumentException when something is left
   */
  public void requireEnd() {
    if (position != end) {
      throw new IllegalArgumentException(remaining() + " bytes too many");
    }
  }

  public int u8() {
    return in.getByte(advance(1)) & 0xFF;
  }

  public boolean flag() {
    int value = u8();
    if (value > 1) {
      throw new IllegalArgumentException("a flag is 0 or 1, not " + value);
    }
    return value == 1;
  }

  public long int64() {
    return in.getLong(advance(Long.BYTES));
  }

  /** A varint of at most 63 bits. */
  public long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
      int next = u8();
      value |= (next & 0x7FL) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IllegalArgumentException("a varint has at most 9 bytes");
  }

  /** A varint that fits an int. */
  public int varint32() {
    long value = varint();
    if (value > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a number out of range: " + value);
    }
    return (int) value;
  }

  /**
   * A varint that announces how many elements follow, so that a list of that size may be allocated.
   *
   * @param bytesMinEach the least an element takes, at least 1
   */
  public int count(int bytesMinEach) {
    long count = varint();
    if (count > remaining() / bytesMinEach) {
      throw new IllegalArgumentException("more elements announced than there are bytes");
    }
    return (int) count;
  }

  public String string() {
    return text(count(1));
  }

  public @Nullable String nullableString() {
    int length = nullableLength();
    return length < 0 ? null : text(length);
  }

  /** A copy of bytes behind their length. */
  public Buffer bytes() {
    return copy(count(1));
  }

  /** The same as an array. */
  public byte[] byteArray() {
    int length = count(1);
    int start = advance(length);
    return in.getBytes(start, start + length);
  }

  /** A copy of bytes behind their length, or null. */
  public @Nullable Buffer nullableBytes() {
    int length = nullableLength();
    return length < 0 ? null : copy(length);
  }

  private int nullableLength() {
    long length = varint() - 1;
    if (length > remaining()) {
      throw new IllegalArgumentException("more bytes announced than there are");
    }
    return (int) length;
  }

  private String text(int length) {
    int start = advance(length);
    byte[] bytes = in.getBytes(start, start + length);
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      requireUtf8(bytes); // written so, or put there for bytes that are no UTF-8?
    }
    return text;
  }

  private static void requireUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("no UTF-8", e);
    }
  }

  private Buffer copy(int length) {
    return Buffer.buffer(length).appendBuffer(in, advance(length), length);
  }

  private int advance(int bytes) {
    int start = position;
    if (bytes > end - start) {
      throw new IllegalArgumentException("the bytes end too early");
    }
    position = start + bytes;
    return start;
  }
}
