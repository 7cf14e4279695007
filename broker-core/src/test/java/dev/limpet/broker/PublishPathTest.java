package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Issue 8: a publication at QoS 1 passes through at most 12 files on its way to a client of the
 * same node. The kind: a stage that only hands on. Counted are the classes on the stack when the
 * output is about to encode it, and the four before and behind that: {@code PacketDecoder}, {@code
 * PublishDecoder}, {@code PublishEncoder} and {@code SocketWriter}.
 */
class PublishPathTest {
  private static final int FILES_MAX = 12;
  private static final int BEFORE_AND_BEHIND = 4;
  private static final String OURS = "dev.limpet.broker.";

  /** Its filtered grants make the output ask for each delivery. */
  private static final class Observer implements Authorizer {
    private volatile List<String> deepest = List.of();

    @Override
    public CompletableFuture<Decision> mayPublish(ClientIdentity client, TopicName topic) {
      return Decision.ALLOW.now();
    }

    @Override
    public CompletableFuture<Decision> maySubscribe(ClientIdentity client, SharedFilter filter) {
      return Decision.ALLOW_FILTERED.now();
    }

    @Override
    public CompletableFuture<Decision> mayReceive(ClientIdentity client, TopicName topic) {
      List<String> path = StackWalker.getInstance().walk(PublishPathTest::fromTheOutputUp);
      if (path.size() > deepest.size()) {
        deepest = path;
      }
      return Decision.ALLOW.now();
    }
  }

  /** The classes below the question itself, in the order of the calls. */
  private static List<String> fromTheOutputUp(Stream<StackWalker.StackFrame> frames) {
    List<String> calls =
        frames
            .map(StackWalker.StackFrame::getClassName)
            .dropWhile(name -> !name.endsWith(".ClientOutput"))
            .filter(name -> name.startsWith(OURS))
            .map(name -> name.substring(name.lastIndexOf('.') + 1).replaceFirst("\\$.*", ""))
            .distinct()
            .toList();
    return Stream.iterate(calls.size() - 1, i -> i >= 0, i -> i - 1).map(calls::get).toList();
  }

  @Test
  void a_publication_passes_through_few_files() {
    Observer observer = new Observer();
    try (TestBroker broker = new TestBroker.Setup().authorizer(observer).start();
        RawClient client = broker.connect(ConnectSpec.v5("itself"))) {
      client.subscribe("a/b", Qos.AT_LEAST_ONCE);
      client.send(RawClient.publish("a/b", "1", Qos.AT_LEAST_ONCE, 1));
      client.take("1");
    }
    assertThat(observer.deepest)
        .startsWith("MqttConnection", "Connected", "PublishHandler", "Router")
        .endsWith("ClientOutput")
        .hasSizeLessThanOrEqualTo(FILES_MAX - BEFORE_AND_BEHIND);
  }
}
