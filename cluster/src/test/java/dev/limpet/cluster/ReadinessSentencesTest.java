package dev.limpet.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.cluster.config.ListenerMode;
import dev.limpet.cluster.config.ListenerUri;
import dev.limpet.cluster.http.NodeState;
import dev.limpet.cluster.http.Readiness;
import dev.limpet.cluster.member.MemberOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/**
 * Issue 7, item 20. The kind: a sentence for operators is put together from parts, one of which may
 * be missing. Whatever a node says of itself while it starts, recovers and leaves is a sentence.
 */
class ReadinessSentencesTest {
  private static final String SENTENCE = "[A-Z][^:\\[\\]]*[^ :\\[\\].]\\.";
  private static final String CLUSTER = "sentences-" + UUID.randomUUID();

  private final Set<String> said = ConcurrentHashMap.newKeySet();

  private static EmbeddedNode node(String name, List<String> join) {
    return new EmbeddedNode(
        ClusteredBrokerOptions.builder(
                name,
                ClusterOptions.of(
                    MemberOptions.builder()
                        .clusterName(CLUSTER)
                        .port(0)
                        .join(join)
                        .partitionCount(47)
                        .silenceSecondsMax(30)
                        .build()))
            .listeners(List.of(new ListenerUri("127.0.0.1", 0, ListenerMode.STICKY)))
            .build());
  }

  private void listen(EmbeddedNode node) {
    Readiness readiness = node.broker().view().readiness();
    if (readiness.state() != NodeState.READY) {
      said.add(readiness.reason());
    }
  }

  private void begin(EmbeddedNode node) {
    CompletableFuture<Void> started = node.start().toCompletableFuture();
    awaitReady(node);
    started.join();
  }

  private void awaitReady(EmbeddedNode node) {
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              listen(node);
              return node.broker().view().readiness().isReady();
            });
  }

  @Test
  void a_node_speaks_in_sentences_all_its_life() {
    EmbeddedNode first = node("a", List.of());
    listen(first);
    begin(first);
    EmbeddedNode second = node("b", List.of("127.0.0.1:" + first.clusterPort()));
    listen(second);
    begin(second);
    second.crash();
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              listen(first); // what it says while it recovers may be over before anybody asks
              return first.broker().cluster().membership().nodes().size() == 1;
            });
    awaitReady(first);
    var leaving = first.stop();
    listen(first);
    leaving.toCompletableFuture().join();
    listen(first);
    assertThat(said)
        .contains("The node is joining the cluster.", "The node is leaving the cluster.")
        .allMatch(each -> each.matches(SENTENCE));
  }
}
