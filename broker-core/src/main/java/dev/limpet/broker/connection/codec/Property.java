package dev.limpet.broker.connection.codec;

import org.jspecify.annotations.Nullable;

/** Lists the properties of MQTT 5.0 (table 2-4) and the values each may hold. */
enum Property {
  PAYLOAD_FORMAT(1, Form.FLAG),
  MESSAGE_EXPIRY(2, Form.U32),
  CONTENT_TYPE(3, Form.STRING),
  RESPONSE_TOPIC(8, Form.STRING),
  CORRELATION_DATA(9, Form.BINARY),
  SUBSCRIPTION_ID(11, Form.VARINT),
  SESSION_EXPIRY(17, Form.U32),
  ASSIGNED_CLIENT_ID(18, Form.STRING),
  SERVER_KEEP_ALIVE(19, Form.U16),
  AUTHENTICATION_METHOD(21, Form.STRING),
  AUTHENTICATION_DATA(22, Form.BINARY),
  REQUEST_PROBLEM_INFORMATION(23, Form.FLAG),
  WILL_DELAY(24, Form.U32),
  REQUEST_RESPONSE_INFORMATION(25, Form.FLAG),
  RESPONSE_INFORMATION(26, Form.STRING),
  SERVER_REFERENCE(28, Form.STRING),
  REASON_STRING(31, Form.STRING),
  RECEIVE_MAXIMUM(33, Form.U16),
  TOPIC_ALIAS_MAXIMUM(34, Form.U16),
  TOPIC_ALIAS(35, Form.U16),
  MAXIMUM_QOS(36, Form.FLAG),
  RETAIN_AVAILABLE(37, Form.FLAG),
  USER_PROPERTY(38, Form.PAIR),
  MAXIMUM_PACKET_SIZE(39, Form.U32),
  WILDCARD_AVAILABLE(40, Form.FLAG),
  SUBSCRIPTION_ID_AVAILABLE(41, Form.FLAG),
  SHARED_AVAILABLE(42, Form.FLAG);

  /** How a value is written. */
  enum Form {
    /** One byte, 0 or 1. */
    FLAG,
    U16,
    U32,
    VARINT,
    STRING,
    BINARY,
    PAIR
  }

  private static final @Nullable Property[] BY_ID = new @Nullable Property[43];

  static {
    for (Property property : values()) {
      BY_ID[property.id] = property;
    }
  }

  private final int id;
  private final Form form;

  Property(int id, Form form) {
    this.id = id;
    this.form = form;
  }

  /** The property with this identifier, or null. */
  static @Nullable Property of(int id) {
    return id < BY_ID.length ? BY_ID[id] : null;
  }

  /** A set of properties as one word. */
  static long set(Property... properties) {
    long set = 0;
    for (Property property : properties) {
      set |= property.bit();
    }
    return set;
  }

  /** The identifier on the wire. */
  int id() {
    return id;
  }

  Form form() {
    return form;
  }

  /** Its place in a {@link #set}. */
  long bit() {
    return 1L << id;
  }
}
