package dev.limpet.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.PublishFlags;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Issue 7, item 3, on real nodes: the node of a publisher dies between PUBREC and PUBREL, and the
 * publications are resent elsewhere. Everybody has each of them once: an inbox, one member of a
 * share group of durable sessions, and a session that ends with its connection.
 */
class ResentAcrossNodesTest {
  private static final int MESSAGES = 12;
  private EmbeddedCluster cluster;

  @BeforeEach
  void start() {
    cluster = EmbeddedCluster.start(3);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void everybody_has_each_publication_once_when_it_is_resent_after_a_crash() {
    List<RawClient> members = new ArrayList<>();
    for (int node = 1; node < 3; node++) {
      for (int home = 0; home < 3; home++) {
        RawClient member =
            connect(node, ConnectSpec.v5(HomeIds.at(cluster, home, "m" + node + "-")).durable());
        member.subscribe("$share/g/r/#", Qos.EXACTLY_ONCE);
        members.add(member);
      }
    }
    RawClient durable = connect(1, ConnectSpec.v5(HomeIds.at(cluster, 0, "inbox-")).durable());
    durable.subscribe("r/#", Qos.EXACTLY_ONCE);
    RawClient live = connect(2, ConnectSpec.v5("live"));
    live.subscribe("r/#", Qos.EXACTLY_ONCE);
    ConnectSpec publisher = ConnectSpec.v5(HomeIds.at(cluster, 1, "publisher-")).durable();
    RawClient first = connect(0, publisher);
    for (int i = 1; i <= MESSAGES; i++) {
      first.send(RawClient.publish("r/x", "m" + i, Qos.EXACTLY_ONCE, i));
    }
    first.expectAck(PacketType.PUBREC, 1); // of some nobody knows how far they have come

    cluster.crash(cluster.node(0));
    first.close();
    try (RawClient again = connect(1, publisher)) {
      for (int i = 1; i <= MESSAGES; i++) {
        again.send(duplicate(i));
      }
      for (int i = 1; i <= MESSAGES; i++) {
        again.expectAck(PacketType.PUBREC, i);
        again.ack(PacketType.PUBREL, i);
      }
      again.send(RawClient.publish("r/x", "end", Qos.EXACTLY_ONCE, MESSAGES + 1));
      List<String> expected = IntStream.rangeClosed(1, MESSAGES).mapToObj(i -> "m" + i).toList();
      assertThat(takeUntilEnd(live)).isEqualTo(expected);
      assertThat(takeUntilEnd(durable)).isEqualTo(expected);
      List<String> ofGroup = new ArrayList<>();
      await()
          .until(
              () -> {
                members.forEach(member -> ofGroup.addAll(member.takeBeforePing()));
                return ofGroup.contains("end") && ofGroup.size() > MESSAGES;
              });
      members.forEach(member -> ofGroup.addAll(member.takeBeforePing()));
      ofGroup.remove("end");
      assertThat(ofGroup).containsExactlyInAnyOrderElementsOf(expected);
    }
    members.forEach(RawClient::close);
    durable.close();
    live.close();
  }

  private static Publish duplicate(int number) {
    return new Publish(
        TopicName.of("r/x"),
        0,
        Buffer.buffer("m" + number),
        PublishFlags.of(Qos.EXACTLY_ONCE, true, false),
        number,
        Publish.NO_EXPIRY,
        PublicationProperties.NONE,
        List.of());
  }

  private static List<String> takeUntilEnd(RawClient client) {
    List<String> taken = new ArrayList<>();
    while (!taken.remove("end")) {
      taken.addAll(client.take(1)); // and what comes before it is seen through
    }
    return taken;
  }

  private RawClient connect(int node, ConnectSpec spec) {
    return RawClient.connect(cluster.node(node).directPort(), spec);
  }
}
