package dev.limpet.broker.mqtt;

/**
 * Represents a publisher's Payload Format Indicator (MQTT 5.0 section 3.3.2.3.2). Subscribers get
 * the same, absence included [MQTT-3.3.2-4].
 */
public enum PayloadFormat {
  /** The publisher sent no indicator, like every 3.1.1 publisher. */
  NOT_SAID(0),
  /** Indicator 1: UTF-8 text. */
  UTF_8(1),
  /** Indicator 0: unspecified bytes. */
  BYTES(2);

  private static final PayloadFormat[] BY_CODE = values();

  private final int code;

  PayloadFormat(int code) {
    this.code = code;
  }

  /** The number for {@link PublicationFormat}. */
  int code() {
    return code;
  }

  /**
   * @throws IllegalArgumentException for a number no format has
   */
  static PayloadFormat of(int code) {
    if (code < 0 || code >= BY_CODE.length) {
      throw new IllegalArgumentException("unknown payload format " + code);
    }
    return BY_CODE[code];
  }

  /** The value of the indicator; not to be asked of {@link #NOT_SAID}, which has none. */
  public int indicator() {
    if (this == NOT_SAID) {
      throw new IllegalStateException("a publisher that said nothing has no indicator");
    }
    return this == UTF_8 ? 1 : 0;
  }
}
