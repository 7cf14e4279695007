package dev.limpet.broker.mqtt;

/**
 * States when SUBSCRIBE brings retained messages (MQTT 5.0 section 3.8.3.1); the ordinal is on the
 * wire.
 */
public enum RetainHandling {
  SEND,
  SEND_IF_NEW,
  DO_NOT_SEND
}
