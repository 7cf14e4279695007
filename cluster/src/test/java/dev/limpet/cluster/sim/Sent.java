package dev.limpet.cluster.sim;

/** What a client publishes: its payload names it. */
record Sent(String device, int number, String topic, int qos, int packetId) {

  String payload() {
    return device + ":" + number + ":" + topic + ":" + qos;
  }
}
