package dev.limpet.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.cluster.docs.GeneratedPage;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keeps the page of metrics true, and what other pages say of metrics (issue 8, pages). */
class MetricsPageTest {

  private static final String REFUSED = "limpet.listener.refused";
  private static final int SOCKETS = 20;
  private static final Pattern METER = Pattern.compile("`(limpet\\.[a-z.]+)[`{]");
  private static final List<String> FILES =
      List.of("limpet.jar", "limpet.jsa", "limpet.args", "limpet.log");

  private static TwoNodes nodes;
  private static MetricsPage page;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    nodes = new TwoNodes(folder);
    refuseOne();
    // A second after a peer has come.
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> nodes.meters().find("limpet.peer.clock.offset.millis").gauge() != null);
    page = new MetricsPage(nodes.meters());
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  /**
   * The one meter that a node shows only once there is something to count: of many sockets at once
   * the listener lets in one.
   */
  private static void refuseOne() {
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> {
              for (int i = 0; i < SOCKETS; i++) {
                new Socket("127.0.0.1", nodes.port()).close();
              }
              return nodes.meters().find(REFUSED).counter() != null;
            });
  }

  @Test
  void the_page_says_what_a_node_counts() throws IOException {
    new GeneratedPage("metrics.md").requireText(page.text());
  }

  @Test
  void every_meter_says_what_it_counts() {
    assertThat(page.ids().values())
        .allSatisfy(id -> assertThat(id.getDescription()).as(id.getName()).isNotBlank());
  }

  @Test
  void a_scrape_has_the_names_of_the_page() {
    String scraped = ((PrometheusMeterRegistry) nodes.meters()).scrape();
    assertThat(page.ids().values())
        .allSatisfy(
            id -> assertThat(scraped).containsPattern("(?m)^" + page.prometheus(id) + "[ {]"));
  }

  @Test
  void the_meters_that_other_pages_name_are_there() throws IOException {
    for (String name : List.of("limits.md", "operations.md", "migrating.md", "../README.md")) {
      TreeSet<String> named = new TreeSet<>();
      Matcher meter = METER.matcher(GeneratedPage.read(name));
      while (meter.find()) {
        named.add(meter.group(1));
      }
      named.removeAll(FILES);
      assertThat(page.ids().keySet()).as(name).containsAll(named);
    }
  }
}
