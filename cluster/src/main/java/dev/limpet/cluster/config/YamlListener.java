package dev.limpet.cluster.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the list of listeners in a YAML file: {@code address} and the words of a listener
 * URI, which it becomes. Confined to its caller, used once.
 */
final class YamlListener {
  private static final String ADDRESS = "address";

  private final StringBuilder parameters = new StringBuilder();
  private final List<String> seen = new ArrayList<>();
  private @Nullable String address;

  /**
   * Reads an object, whose start is the parser's current token, up to its end.
   *
   * @return the URI; empty when the object is not made of words and their values, or has no address
   * @throws ConfigException when a word is there twice
   */
  static Optional<String> read(JsonParser parser, String where) throws IOException {
    YamlListener listener = new YamlListener();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      if (!listener.readWord(parser, where)) {
        return Optional.empty();
      }
    }
    return Optional.ofNullable(listener.address).map(uri -> uri + listener.parameters);
  }

  private boolean readWord(JsonParser parser, String where) throws IOException {
    String word = parser.currentName();
    if (seen.contains(word)) {
      throw new ConfigException(where + " has a listener with '" + word + "' twice: keep one");
    }
    seen.add(word);
    JsonToken token = parser.nextToken();
    if (token == JsonToken.START_ARRAY) {
      return readList(parser, word);
    }
    return isValue(token) && add(word, List.of(parser.getText()));
  }

  private boolean readList(JsonParser parser, String word) throws IOException {
    List<String> values = new ArrayList<>();
    JsonToken token = parser.nextToken();
    while (token != JsonToken.END_ARRAY) {
      if (!isValue(token)) {
        return false;
      }
      values.add(parser.getText());
      token = parser.nextToken();
    }
    return !values.isEmpty() && add(word, values);
  }

  private static boolean isValue(@Nullable JsonToken token) {
    return token != null && token.isScalarValue() && token != JsonToken.VALUE_NULL;
  }

  /** Trusted ranges are one parameter with commas, certificates one parameter each. */
  private boolean add(String word, List<String> values) {
    if (word.equals(ADDRESS)) {
      address = values.get(0);
      return values.size() == 1;
    }
    List<String> each =
        ListenerUriReader.isRepeatable(word) ? values : List.of(String.join(",", values));
    for (String value : each) {
      parameters.append(parameters.isEmpty() ? '?' : '&').append(encoded(word));
      parameters.append('=').append(encoded(value));
    }
    return true;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%2F", "/")
        .replace("%2C", ",")
        .replace("%3A", ":");
  }
}
