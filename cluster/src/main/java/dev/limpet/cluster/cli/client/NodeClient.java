package dev.limpet.cluster.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks the HTTP interface of one node. Thread-safe: immutable but for the JDK's client. */
public final class NodeClient {

  private static final Duration CONNECT_MAX = Duration.ofSeconds(3);

  /** The node itself gives up after ten seconds and says so. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(12);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI node;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_MAX)
          .build();

  public NodeClient(URI node) {
    this.node = node;
  }

  /**
   * Reads a path.
   *
   * @throws CliException when no node answers, or one answers with an error
   */
  public JsonNode get(String path) {
    HttpResponse<String> response = send(path);
    JsonNode body = parse(response.body());
    if (response.statusCode() == 200) {
      return body;
    }
    String error = body.path("error").asText("");
    throw new CliException(
        error.isEmpty()
            ? node + " answered " + path + " with HTTP status " + response.statusCode()
            : node + " says: " + error);
  }

  /** Whether the path answers with status 200; false also without an answer. */
  public boolean isOk(String path) {
    try {
      return send(path).statusCode() == 200;
    } catch (CliException e) {
      return false;
    }
  }

  /** Returns the reason in the answer of a path that reports a state; always a sentence. */
  public String reason(String path) {
    try {
      String reason = parse(send(path).body()).path("reason").asText("");
      return reason.isEmpty() ? "It gives no reason." : reason;
    } catch (CliException e) {
      return "It does not answer at " + node + " yet.";
    }
  }

  /** A word as part of a path. */
  static String encoded(String word) {
    return URLEncoder.encode(word, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpResponse<String> send(String path) {
    try {
      String base = node.toString().replaceAll("/+$", "");
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER_MAX).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IllegalArgumentException e) {
      throw new CliException("'" + node + "' is not an HTTP address: correct --http", e);
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw new CliException(
          "no node answers at " + node + ": start one, or give another's address with --http", e);
    } catch (HttpTimeoutException e) {
      throw new CliException(
          node + " did not answer within " + ANSWER_MAX.toSeconds() + " seconds: ask another", e);
    } catch (IOException e) {
      throw new CliException("asking " + node + " failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("asking " + node + " was interrupted", e);
    }
  }

  private JsonNode parse(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new CliException(node + " did not answer with Limpet's JSON: correct --http", e);
    }
  }
}
