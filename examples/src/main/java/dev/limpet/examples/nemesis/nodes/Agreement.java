package dev.limpet.examples.nemesis.nodes;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks all nodes whether they are ready, and whom they see. Thread-safe. */
final class Agreement {

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int OK = 200;
  private static final Pattern NAME = Pattern.compile("\"name\"\\s*:\\s*\"([^\"]+)\"");

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /**
   * What one node says.
   *
   * @param answers whether anything came back
   */
  record Word(String node, boolean answers, boolean ready, Set<String> names, String text) {

    @Override
    public String toString() {
      return node + (ready ? " ready " : " not ready ") + names + (ready ? "" : " " + text);
    }
  }

  /** Asks all of them at once; blocks for at most six seconds. */
  List<Word> ask(List<Node> nodes) {
    List<CompletableFuture<Word>> words = nodes.stream().map(this::ask).toList();
    return words.stream().map(CompletableFuture::join).toList();
  }

  private CompletableFuture<Word> ask(Node node) {
    CompletableFuture<Reply> ready = get(node.readyUrl());
    CompletableFuture<Reply> view = get(node.viewUrl());
    return ready.thenCombine(
        view,
        (first, second) ->
            new Word(
                node.name(),
                first.status() > 0,
                first.status() == OK,
                names(node, second),
                first.text()));
  }

  /** A broker that cannot say whom it sees is believed to see itself. */
  private static Set<String> names(Node node, Reply view) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = NAME.matcher(view.text());
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    if (node.viewUrl().isEmpty()) {
      names.add(node.name());
    }
    return names;
  }

  private record Reply(int status, String text) {}

  private CompletableFuture<Reply> get(String url) {
    if (url.isEmpty()) {
      return CompletableFuture.completedFuture(new Reply(OK, ""));
    }
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(response -> new Reply(response.statusCode(), response.body()))
        .exceptionally(failure -> new Reply(0, String.valueOf(failure.getMessage())));
  }

  /** Whether all are ready and each names all of them and nobody else. */
  static boolean isOneCluster(List<Word> words) {
    Set<String> all = new TreeSet<>(words.stream().map(Word::node).toList());
    return words.stream().allMatch(word -> word.ready() && word.names().equals(all));
  }
}
