package dev.limpet.broker.mqtt;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Appends the simple values of the broker's own binary formats to a buffer; {@link BinaryReader}
 * reads them back. Lengths and counts are varints (7 bits a byte, lowest first). Confined to its
 * caller.
 */
public final class BinaryWriter {
  private final Buffer out;

  /** Appends to {@code out}, which the caller keeps. */
  public BinaryWriter(Buffer out) {
    this.out = out;
  }

  /** The buffer written to. */
  public Buffer buffer() {
    return out;
  }

  /** One byte, 0 to 255. */
  public BinaryWriter u8(int value) {
    if (value < 0 || value > 0xFF) {
      throw new IllegalArgumentException("no unsigned byte: " + value);
    }
    out.appendByte((byte) value);
    return this;
  }

  /** One byte, 0 or 1. */
  public BinaryWriter flag(boolean value) {
    out.appendByte((byte) (value ? 1 : 0));
    return this;
  }

  /** Eight bytes, any value. */
  public BinaryWriter int64(long value) {
    out.appendLong(value);
    return this;
  }

  /** One to nine bytes, 0 to {@link Long#MAX_VALUE}. */
  public BinaryWriter varint(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("a varint is not negative: " + value);
    }
    long rest = value;
    while (rest >= 0x80) {
      out.appendByte((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.appendByte((byte) rest);
    return this;
  }

  /** UTF-8 behind its length. */
  public BinaryWriter string(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    varint(bytes.length);
    out.appendBytes(bytes);
    return this;
  }

  /** UTF-8 behind its length plus one; 0 stands for null. */
  public BinaryWriter nullableString(@Nullable String value) {
    if (value == null) {
      return u8(0);
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    varint(bytes.length + 1L);
    out.appendBytes(bytes);
    return this;
  }

  /** Bytes behind their length, copied once. */
  public BinaryWriter bytes(Buffer value) {
    varint(value.length());
    out.appendBuffer(value);
    return this;
  }

  /** The same of an array. */
  public BinaryWriter bytes(byte[] value) {
    varint(value.length);
    out.appendBytes(value);
    return this;
  }

  /** Bytes behind their length plus one, copied once; 0 stands for null. */
  public BinaryWriter nullableBytes(@Nullable Buffer value) {
    if (value == null) {
      return u8(0);
    }
    varint(value.length() + 1L);
    out.appendBuffer(value);
    return this;
  }
}
