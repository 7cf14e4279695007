package dev.limpet.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.cluster.http.ClientDetail;
import dev.limpet.cluster.http.FakeNodeView;
import dev.limpet.cluster.http.NodeHttp;
import dev.limpet.cluster.http.NodeMetrics;
import io.vertx.core.Vertx;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that ask a node. */
class AskingTest {

  private final Console console = Console.withoutNodes();
  private final FakeNodeView view = new FakeNodeView();
  private final Vertx vertx = Vertx.vertx();
  private final NodeMetrics metrics = new NodeMetrics();
  private String url = "";

  @BeforeEach
  void start() {
    int port = new NodeHttp(vertx, view, metrics).listen("127.0.0.1", 0).await();
    url = "http://127.0.0.1:" + port;
  }

  @AfterEach
  void stop() {
    vertx.close().await();
    metrics.close();
  }

  @Test
  void status_shows_a_table_of_nodes() {
    assertThat(console.run("status", "--http", url + "/")).isZero();
    assertThat(console.out())
        .isEqualToNormalizingNewlines(
            """
            NODE  STATE  CONNECTIONS  SESSIONS  PARTITIONS  HTTP
            a     ready  7            5         271         http://127.0.0.1:8081
            """);
  }

  @Test
  void status_hands_on_the_json() {
    assertThat(console.run("status", "--http", url, "--json")).isZero();
    assertThat(console.out()).startsWith("{\"nodes\":[{\"name\":\"a\",");
  }

  @Test
  void client_shows_all_about_a_client_whatever_its_id() {
    String id = "a/b c+ü";
    view.clients.put(
        ClientId.of(id),
        new ClientDetail(
            new ClientDetail.Whereabouts(id, "a", "b", "10.1.2.3:4"),
            77,
            true,
            3,
            List.of(
                Subscription.plain(SharedFilter.parse("t/#"), Qos.AT_LEAST_ONCE),
                Subscription.plain(SharedFilter.parse("s"), Qos.AT_MOST_ONCE))));
    assertThat(console.run("client", id, "--http", url)).isZero();
    assertThat(console.out())
        .isEqualToNormalizingNewlines(
            """
            client         a/b c+ü
            home           a
            host           b
            address        10.1.2.3:4
            epoch          77
            session        durable
            inbox          3 unacknowledged
            subscriptions  s (QoS 0), t/# (QoS 1)
            """);
  }

  @Test
  void an_unknown_client_is_an_error() {
    assertThat(console.run("client", "nobody", "--http", url)).isEqualTo(1);
    assertThat(console.err())
        .isEqualToNormalizingNewlines("limpet: " + url + " says: no client 'nobody' is known\n");
  }

  @Test
  void where_shows_the_home_alone() {
    assertThat(console.run("where", "s1", "--http", url)).isZero();
    assertThat(console.out()).isEqualToNormalizingNewlines("home-of-s1\n");
  }

  @Test
  void a_node_that_does_not_answer_is_named() {
    assertThat(console.run("status", "--http", "http://127.0.0.1:1")).isEqualTo(1);
    assertThat(console.err())
        .isEqualToNormalizingNewlines(
            "limpet: no node answers at http://127.0.0.1:1: start one, or give another's address"
                + " with --http\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "", "http://", "ftp://h:1", "http://h:65536", "a b", "h:1"})
  void an_address_that_is_none_is_wrong_usage(String address) {
    assertThat(console.run("status", "--http", address)).isEqualTo(2);
    assertThat(console.err())
        .isEqualToNormalizingNewlines(
            "limpet: --http is '" + address + "': write http://HOST:PORT\n");
  }
}
