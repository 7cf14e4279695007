package dev.limpet.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.topic.SharedFilter;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP interface against a node that says what it is told. */
class NodeHttpTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final FakeNodeView VIEW = new FakeNodeView();
  private static Vertx vertx;
  private static NodeMetrics metrics;
  private static int port;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    metrics = new NodeMetrics();
    port = new NodeHttp(vertx, VIEW, metrics).listen("127.0.0.1", 0).await();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
    metrics.close();
  }

  @BeforeEach
  void reset() {
    VIEW.readiness = Readiness.READY;
    VIEW.joined = true;
    VIEW.clients.clear();
  }

  @Test
  void a_live_process_says_so_whatever_its_state() throws Exception {
    VIEW.readiness = new Readiness(NodeState.LEAVING, "it stops");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void a_ready_node_says_so() throws Exception {
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    assertThat(json("/health/ready")).isEqualTo(new JsonObject().put("status", "ready"));
    HttpResponse<String> head = send("HEAD", "/health/ready");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  /**
   * Issue 7, item 17. The kind: a balancer asks with the method it likes, on every health path; the
   * answer is the status of GET. Bytes on a socket, as a balancer without a library sends them.
   */
  @ParameterizedTest
  @CsvSource({
    "OPTIONS,/health/ready,READY,200",
    "OPTIONS,/health/ready,STARTING,503",
    "HEAD,/health/ready,READY,200",
    "HEAD,/health/ready,RECOVERING,503",
    "OPTIONS,/health/live,STARTING,200",
    "HEAD,/health/live,STARTING,200"
  })
  void balancers_ask_with_the_method_they_like(
      String method, String path, NodeState state, int status) throws Exception {
    VIEW.readiness = new Readiness(state, state == NodeState.READY ? "" : "it is not ready");
    for (String version : List.of("HTTP/1.0", "HTTP/1.1")) {
      assertThat(raw("%s %s %s\r\nHost: a\r\nConnection: close\r\n\r\n", method, path, version))
          .startsWith(version + " " + status + " ");
    }
  }

  /** All that comes back until the node closes. */
  private static String raw(String request, Object... words) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.getOutputStream().write(request.formatted(words).getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"STARTING", "RECOVERING", "LEAVING"})
  void a_node_that_is_not_ready_says_why(NodeState state) throws Exception {
    VIEW.readiness = new Readiness(state, "three partitions are missing");
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(json("/health/ready"))
        .isEqualTo(
            new JsonObject()
                .put("status", state.word())
                .put("reason", "three partitions are missing"));
  }

  @Test
  void every_metric_bears_the_name_of_the_broker() throws Exception {
    metrics.registry().counter("limpet.test.events").increment();
    metrics.registry().counter("elsewhere").increment();
    String text = get("/metrics").body();
    assertThat(text)
        .contains("limpet_jvm_memory_used_bytes{")
        .contains("limpet_process_uptime_seconds ")
        .contains("limpet_test_events_total 1.0")
        .contains("limpet_elsewhere_total 1.0")
        .contains("limpet_http_connections ");
    assertThat(text.lines().filter(line -> !line.startsWith("#") && !line.isEmpty()))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("limpet_"));
  }

  @Test
  void the_nodes_are_listed() throws Exception {
    assertThat(json("/api/v1/nodes").getJsonArray("nodes").getJsonObject(0).encode())
        .isEqualTo(
            "{\"name\":\"a\",\"state\":\"ready\",\"connections\":7,\"sessions\":5,"
                + "\"partitions\":271,\"http\":\"http://127.0.0.1:8081\","
                + "\"listeners\":[\"mqtt://127.0.0.1:1883?mode=sticky\"]}");
  }

  @Test
  void clients_come_in_pages() throws Exception {
    assertThat(json("/api/v1/clients").encode())
        .isEqualTo(
            "{\"page\":1,\"size\":100,\"total\":1,\"clients\":[{\"clientId\":\"s1\","
                + "\"home\":\"a\",\"host\":\"b\",\"connected\":true,\"epoch\":9}]}");
    JsonObject second = json("/api/v1/clients?page=2&size=5");
    assertThat(second.getInteger("page")).isEqualTo(2);
    assertThat(second.getInteger("size")).isEqualTo(5);
    assertThat(second.getJsonArray("clients").getJsonObject(0).getValue("host")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          page=0          | page is '0': write a number from 1 to 100000
          page=x          | page is 'x': write a number from 1 to 100000
          size=1001       | size is '1001': write a number from 1 to 1000
          page=999&size=1000 | page times size is at most 100000
          """)
  void a_page_that_cannot_be_is_refused(String query, String sentence) throws Exception {
    HttpResponse<String> response = get("/api/v1/clients?" + query);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(response.body()).getString("error")).startsWith(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"s1", "a/b", "a/../b", "..", "space and ÄÖ", "a+b", "50%", "x?y#z", "http://h/"})
  void a_client_is_found_by_any_id(String id) throws Exception {
    VIEW.clients.put(
        ClientId.of(id),
        new ClientDetail(
            new ClientDetail.Whereabouts(id, "a", null, null),
            12,
            true,
            3,
            List.of(Subscription.plain(SharedFilter.parse("$share/g/t/#"), Qos.EXACTLY_ONCE))));
    JsonObject client = json("/api/v1/clients/" + encoded(id));
    assertThat(client.fieldNames())
        .containsExactly(
            "clientId",
            "home",
            "host",
            "connected",
            "address",
            "epoch",
            "durable",
            "inbox",
            "subscriptions");
    assertThat(client.getString("clientId")).isEqualTo(id);
    assertThat(client.getValue("host")).isNull();
    assertThat(client.getBoolean("connected")).isFalse();
    assertThat(client.getJsonArray("subscriptions").getJsonObject(0).encode())
        .startsWith("{\"filter\":\"$share/g/t/#\",\"qos\":2,");
    assertThat(json("/api/v1/where/" + encoded(id)).getString("home")).isEqualTo("home-of-" + id);
  }

  @Test
  void an_unknown_client_is_not_found() throws Exception {
    HttpResponse<String> response = get("/api/v1/clients/nobody");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).isEqualTo("{\"error\":\"no client 'nobody' is known\"}\n");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/,404",
    "GET,/api/v1/where/,404",
    "POST,/api/v1/nodes,405",
    "DELETE,/health/ready,405"
  })
  void what_is_not_there_is_refused_in_json(String method, String path, int status)
      throws Exception {
    HttpResponse<String> response = send(method, path);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(new JsonObject(response.body()).getString("error")).isNotEmpty();
  }

  @Test
  void a_node_outside_the_cluster_says_so() throws Exception {
    VIEW.joined = false;
    assertThat(get("/api/v1/nodes").statusCode()).isEqualTo(503);
    assertThat(get("/api/v1/where/s1").statusCode()).isEqualTo(503);
  }

  private static String encoded(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static JsonObject json(String path) throws Exception {
    return new JsonObject(get(path).body());
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return send("GET", path);
  }

  private static HttpResponse<String> send(String method, String path)
      throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
