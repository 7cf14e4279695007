package dev.limpet.cluster.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/**
 * Issue 8, parameter bags. The kind: a record is grouped otherwise, and its bytes move with it.
 * Nodes of two builds read each other's claims.
 */
class ClaimFormatTest {
  private static final String BYTES =
      "066e6f64652d61fffffffffffffffbd836010001020501770a0362796580d095ffbc310d31302e30"
          + "2e302e313a35303030fffffffffffffff701d83601066e6f64652d61fffffffffffffffbd7360001";

  private static final NodeId NODE = new NodeId("node-a", -5);
  private static final Will WILL =
      new Will(
          TopicName.of("w"),
          Buffer.buffer("bye"),
          Qos.AT_LEAST_ONCE,
          true,
          10,
          Will.NO_EXPIRY,
          PublicationProperties.NONE);
  private static final ClaimRecord RECORD =
      new ClaimRecord(
          NODE,
          7_000,
          true,
          false,
          WILL,
          1_700_000_000_000L,
          "10.0.0.1:5000",
          new ClaimRecord.LastStep(-9, new ClaimAnswer(7_000, NODE, 6_999, null, true)));

  @Test
  void a_record_is_written_as_ever() {
    BinaryWriter out = new BinaryWriter(Buffer.buffer());
    ClaimFormat.write(RECORD, out);
    assertThat(HexFormat.of().formatHex(out.buffer().getBytes())).isEqualTo(BYTES);
  }

  @Test
  void a_record_is_read_as_ever() {
    BinaryReader in = new BinaryReader(Buffer.buffer(HexFormat.of().parseHex(BYTES)));
    assertThat(ClaimFormat.readRecord(in)).isEqualTo(RECORD);
  }
}
