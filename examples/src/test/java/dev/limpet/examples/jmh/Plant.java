package dev.limpet.examples.jmh;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.topic.TopicFilter;
import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;

/**
 * The topics and filters of a company of many plants, alike in their beginnings: a device each, in
 * lines of 100, in plants of 100 lines. Stateless.
 */
final class Plant {

  private static final Buffer PAYLOAD = Buffer.buffer(new byte[64]);

  private Plant() {}

  /** Where a device reports. */
  static TopicName topic(int device) {
    return TopicName.of(line(device) + "/device-" + device + "/status");
  }

  /** What a device is watched by: one in ten with a wildcard. */
  static TopicFilter filter(int device) {
    String line = line(device);
    String text =
        switch (device % 30) {
          case 0 -> "plant/%d/line/+/device-%d/status".formatted(device / 10_000, device);
          case 10 -> line + "/device-" + device + "/#";
          case 20 -> "plant/+/line/%d/device-%d/+".formatted(device / 100 % 100, device);
          default -> line + "/device-" + device + "/status";
        };
    return TopicFilter.of(text);
  }

  /** A publication of a device. */
  static Publication publication(int device) {
    return publication(device, topic(device));
  }

  /** What few devices have. */
  static Publication alarm(int device) {
    return publication(device, TopicName.of(line(device) + "/device-" + device + "/alarm"));
  }

  /** What few lines have. */
  static Publication pump(int device) {
    return publication(device, TopicName.of(line(device) + "/pump/status"));
  }

  private static Publication publication(int device, TopicName topic) {
    return new Publication(
        new PublicationId(1, device),
        ClientId.of("device-" + device),
        topic,
        PAYLOAD,
        Qos.AT_MOST_ONCE,
        true,
        Publication.NEVER,
        PublicationProperties.NONE);
  }

  private static String line(int device) {
    return "plant/" + device / 10_000 + "/line/" + device / 100 % 100;
  }
}
