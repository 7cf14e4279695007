package dev.limpet.cluster.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Converts one entry of the list of listeners in a YAML file, {@code address} and the keys of a
 * listener URI, to that URI. Confined to its caller, used once.
 */
final class YamlListener {
  private static final String ADDRESS = "address";

  private static final List<String> WORDS =
      Stream.concat(Stream.of(ADDRESS), ListenerUriReader.parameterNames().stream()).toList();

  private final JsonParser parser;
  private final Path file;
  private final StringBuilder parameters = new StringBuilder();
  private final List<String> seen = new ArrayList<>();
  private @Nullable String address;

  private YamlListener(JsonParser parser, Path file) {
    this.parser = parser;
    this.file = file;
  }

  /**
   * Reads an object, whose start is the parser's current token, up to its end.
   *
   * @return the URI
   * @throws ConfigException when it is not made of known words and their values
   */
  static String read(JsonParser parser, Path file) throws IOException {
    return new YamlListener(parser, file).read();
  }

  private String read() throws IOException {
    int first = YamlFile.line(parser);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      readWord(parser.currentName(), YamlFile.line(parser));
    }
    if (address == null) {
      throw YamlFile.at(
          file, first, "has a listener without an address: add 'address: mqtt://HOST:PORT' to it");
    }
    return address + parameters;
  }

  private void readWord(String word, int line) throws IOException {
    if (!WORDS.contains(word)) {
      throw YamlFile.at(
          file,
          line,
          "has a listener with the unknown key '"
              + word
              + "'"
              + Spelling.nearest(word, WORDS)
                  .map(near -> "; did you mean '" + near + "'?")
                  .orElse(": write one of " + String.join(", ", WORDS)));
    }
    if (seen.contains(word)) {
      throw YamlFile.at(file, line, "has a listener with '" + word + "' twice: keep one");
    }
    seen.add(word);
    List<String> values = readValues();
    if (values.isEmpty() || (word.equals(ADDRESS) && values.size() != 1)) {
      throw YamlFile.at(
          file,
          line,
          "has a listener whose '" + word + "' is not a value: write '" + word + ": VALUE'");
    }
    add(word, values);
  }

  /** One value or a list of them; empty when there is something else. */
  private List<String> readValues() throws IOException {
    JsonToken token = parser.nextToken();
    if (token != JsonToken.START_ARRAY) {
      return isValue(token) ? List.of(parser.getText()) : List.of();
    }
    List<String> values = new ArrayList<>();
    for (token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      if (!isValue(token)) {
        return List.of();
      }
      values.add(parser.getText());
    }
    return values;
  }

  private static boolean isValue(@Nullable JsonToken token) {
    return token != null && token.isScalarValue() && token != JsonToken.VALUE_NULL;
  }

  /** Trusted ranges are one parameter with commas, certificates one parameter each. */
  private void add(String word, List<String> values) {
    if (word.equals(ADDRESS)) {
      address = values.get(0);
      return;
    }
    List<String> each =
        ListenerUriReader.isRepeatable(word) ? values : List.of(String.join(",", values));
    for (String value : each) {
      parameters.append(parameters.isEmpty() ? '?' : '&').append(encoded(word));
      parameters.append('=').append(encoded(value));
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%2F", "/")
        .replace("%2C", ",")
        .replace("%3A", ":");
  }
}
