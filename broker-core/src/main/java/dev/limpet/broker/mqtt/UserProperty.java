package dev.limpet.broker.mqtt;

/**
 * Holds a name and a value the broker passes on unchanged and in order [MQTT-3.3.2-17]. Immutable.
 */
public record UserProperty(String name, String value) {}
