package dev.limpet.broker.mqtt;

import java.util.Optional;

/** The protocol a client speaks. */
public enum ProtocolVersion {
  V3_1(3, "MQIsdp"),
  V3_1_1(4, "MQTT"),
  V5(5, "MQTT");

  private final int level;
  private final String protocolName;

  ProtocolVersion(int level, String protocolName) {
    this.level = level;
    this.protocolName = protocolName;
  }

  /** The protocol level in CONNECT. */
  public int level() {
    return level;
  }

  /** The protocol name in CONNECT. */
  public String protocolName() {
    return protocolName;
  }

  /** Whether packets carry properties and reason codes. */
  public boolean isV5() {
    return this == V5;
  }

  /** The version that CONNECT announces with this name and level, if there is one. */
  public static Optional<ProtocolVersion> of(String protocolName, int level) {
    for (ProtocolVersion version : values()) {
      if (version.level == level && version.protocolName.equals(protocolName)) {
        return Optional.of(version);
      }
    }
    return Optional.empty();
  }
}
