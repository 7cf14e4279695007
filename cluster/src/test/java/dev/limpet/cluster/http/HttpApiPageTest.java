package dev.limpet.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.cluster.docs.GeneratedPage;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Keeps the page of the HTTP interface true (issue 8, pages): each path of the server is a heading
 * of it, and each example has the fields of what the server answers.
 */
class HttpApiPageTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/limpet/cluster/http");
  private static final Pattern PATH = Pattern.compile("\"(/[a-z0-9/]+)\"");
  private static final Pattern SECTION =
      Pattern.compile("(?ms)^### `GET (/\\S+)`$(.*?)(?=^#{2,3} |\\z)");
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```json\\n(.*?)```");

  private static final Map<String, String> SECTIONS = new LinkedHashMap<>();
  private static Vertx vertx;
  private static NodeMetrics metrics;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    Matcher section = SECTION.matcher(GeneratedPage.read("http-api.md"));
    while (section.find()) {
      SECTIONS.put(section.group(1), section.group(2));
    }
    vertx = Vertx.vertx();
    metrics = new NodeMetrics();
    port = new NodeHttp(vertx, view(), metrics).listen("127.0.0.1", 0).await();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
    metrics.close();
  }

  private static FakeNodeView view() {
    FakeNodeView view = new FakeNodeView();
    List<ReadinessCheck> checks = List.of(ReadinessCheck.passed("members", "A peer is missing."));
    view.readiness = new Readiness(NodeState.READY, "", checks, List.of("c"));
    Subscription plain = Subscription.plain(SharedFilter.parse("t/#"), Qos.AT_LEAST_ONCE);
    view.clients.put(
        ClientId.of("id"),
        new ClientDetail(
            new ClientDetail.Whereabouts("id", "a", "b", "127.0.0.1:1"),
            1,
            true,
            0,
            List.of(plain)));
    return view;
  }

  @Test
  void every_path_of_the_server_is_a_heading() throws IOException {
    TreeSet<String> documented = new TreeSet<>();
    SECTIONS.keySet().forEach(path -> documented.add(path.replaceAll("/\\{.*", "")));
    assertThat(documented).isEqualTo(pathsInSources());
  }

  private static TreeSet<String> pathsInSources() throws IOException {
    TreeSet<String> paths = new TreeSet<>();
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.toList()) {
        Matcher path = PATH.matcher(Files.readString(file));
        while (path.find()) {
          paths.add(path.group(1));
        }
      }
    }
    return paths;
  }

  @Test
  void every_heading_is_a_path_that_answers() throws Exception {
    assertThat(SECTIONS).isNotEmpty();
    for (String path : SECTIONS.keySet()) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(200);
    }
  }

  @Test
  void every_example_has_the_fields_of_the_answer() throws Exception {
    for (Map.Entry<String, String> section : SECTIONS.entrySet()) {
      Matcher example = EXAMPLE.matcher(section.getValue());
      if (example.find()) {
        assertThat(shape(new JsonObject(example.group(1))))
            .as(section.getKey())
            .isEqualTo(shape(new JsonObject(get(section.getKey()).body())));
      }
    }
  }

  /**
   * The names of an answer's fields, also of those within; of a list the first entry stands for
   * all.
   */
  private static TreeSet<String> shape(JsonObject json) {
    TreeSet<String> names = new TreeSet<>();
    for (String name : json.fieldNames()) {
      names.add(name);
      if (json.getValue(name) instanceof JsonArray list
          && !list.isEmpty()
          && list.getValue(0) instanceof JsonObject entry) {
        shape(entry).forEach(inner -> names.add(name + "." + inner));
      }
    }
    return names;
  }

  private static HttpResponse<String> get(String path) throws Exception {
    String place = path.replaceAll("\\{.*}", "id");
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + place)).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
