package dev.limpet.cluster.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.limpet.broker.files.FileProblemException;
import dev.limpet.broker.files.ReadableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a YAML file of options: one level of keys, each with a value or a list of values; and
 * {@code listeners}, a list whose entries may also be written key by key. Confined to its caller.
 */
public final class YamlFile {

  /** No options file is longer; the bound keeps a wrong path from being read into memory. */
  private static final long BYTES_MAX = 1 << 20;

  /** The list of listeners, beside the key of one. */
  private static final String LISTENERS = "listeners";

  private static final Pattern PLACE = Pattern.compile("line (\\d+), column");

  private final Path file;
  private final Map<OptionKey, Setting> settings = new EnumMap<>(OptionKey.class);

  private YamlFile(Path file) {
    this.file = file;
  }

  /** Reads the whole file. */
  public static List<Setting> read(Path file) {
    return new YamlFile(file).read();
  }

  private List<Setting> read() {
    try {
      ReadableFile.require(file);
      if (Files.size(file) > BYTES_MAX) {
        throw new ConfigException(file + " is longer than 1 MiB: --config needs a file of options");
      }
      try (JsonParser parser = new YAMLFactory().createParser(Files.readString(file))) {
        readKeys(parser);
      }
    } catch (FileProblemException e) {
      throw new ConfigException(e.getMessage() + ": correct --config or LIMPET_CONFIG", e);
    } catch (JsonProcessingException e) {
      throw new ConfigException(
          "%s, line %d is not YAML: %s".formatted(file, problemLine(e), problem(e)), e);
    } catch (IOException e) {
      throw new ConfigException("cannot read " + file + ": " + e.getMessage(), e);
    }
    return List.copyOf(settings.values());
  }

  private void readKeys(JsonParser parser) throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      return;
    }
    if (first != JsonToken.START_OBJECT) {
      throw at(parser, "expects 'key: value'");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      readKey(parser);
    }
    if (parser.nextToken() != null) {
      throw at(parser, "starts a second document; only one is read");
    }
  }

  private void readKey(JsonParser parser) throws IOException {
    String word = parser.currentName();
    int line = line(parser);
    boolean listeners = word.equals(LISTENERS);
    OptionKey key =
        listeners
            ? OptionKey.LISTENER
            : OptionKeys.named(word).orElseThrow(() -> unknown(parser, word));
    String where = place(word, line);
    List<String> values = listeners ? readListeners(parser, line) : readValues(parser, word);
    if (settings.put(key, new Setting(key, where, values)) != null) {
      throw new ConfigException(where + " appears twice: keep one");
    }
  }

  private String place(String word, int line) {
    return "'%s' in %s, line %d".formatted(word, file, line);
  }

  private List<String> readValues(JsonParser parser, String word) throws IOException {
    List<String> values = new ArrayList<>();
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      return List.of(readValue(parser, parser.currentToken(), word));
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(readValue(parser, parser.currentToken(), word));
    }
    return values;
  }

  /** Reads each as a URI at once, since here it is known in which line it stands. */
  private List<String> readListeners(JsonParser parser, int line) throws IOException {
    List<String> uris = new ArrayList<>();
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      throw at(
          file,
          line,
          "has 'listeners' without a list: write '- mqtt://HOST:PORT' below it for each, or"
              + " '- address: mqtt://HOST:PORT' with more keys");
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      int first = line(parser);
      String uri =
          parser.currentToken() == JsonToken.START_OBJECT
              ? YamlListener.read(parser, file)
              : readValue(parser, parser.currentToken(), LISTENERS);
      var unused = ListenerUri.parse(uri, place(LISTENERS, first));
      uris.add(uri);
    }
    return uris;
  }

  private String readValue(JsonParser parser, @Nullable JsonToken token, String word)
      throws IOException {
    if (token == null || !token.isScalarValue() || token == JsonToken.VALUE_NULL) {
      throw at(parser, "needs a value or a list of values for '" + word + "'");
    }
    return parser.getText();
  }

  private ConfigException unknown(JsonParser parser, String word) {
    List<String> known = new ArrayList<>(OptionKeys.all());
    known.add(LISTENERS);
    String advice =
        Spelling.nearest(word, known)
            .map(nearest -> "did you mean '" + nearest + "'?")
            .orElse("'limpet node --help' lists them all");
    return at(parser, "has the unknown key '" + word + "'; " + advice);
  }

  private ConfigException at(JsonParser parser, String what) {
    return at(file, line(parser), what);
  }

  static ConfigException at(Path file, int line, String what) {
    return new ConfigException("%s, line %d %s".formatted(file, line, what));
  }

  static int line(JsonParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }

  /** The last place the parser's text names is where it stumbled; its own is where it began. */
  private static int problemLine(JsonProcessingException e) {
    List<MatchResult> places = PLACE.matcher(e.getOriginalMessage()).results().toList();
    return places.isEmpty()
        ? e.getLocation().getLineNr()
        : Integer.parseInt(places.get(places.size() - 1).group(1));
  }

  /** The last line of the parser's text that is neither a place nor a piece of the file. */
  private static String problem(JsonProcessingException e) {
    return e.getOriginalMessage()
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith(" "))
        .reduce("", (before, line) -> line);
  }
}
