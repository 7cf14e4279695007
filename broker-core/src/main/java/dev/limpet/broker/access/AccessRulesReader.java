package dev.limpet.broker.access;

import dev.limpet.broker.access.AccessRule.Kind;
import dev.limpet.broker.files.FileProblemException;
import dev.limpet.broker.files.TextFile;
import dev.limpet.broker.topic.InvalidTopicException;
import dev.limpet.broker.topic.TopicFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads an access file. Confined to its caller, used once. */
final class AccessRulesReader {
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern MIXED_PLACEHOLDER = Pattern.compile("[^/]%[cu]|%[cu][^/]");

  private final Path file;
  private final List<AccessRule> unnamed = new ArrayList<>();
  private final Map<String, List<AccessRule>> byUser = new HashMap<>();
  private final List<AccessRule> patterns = new ArrayList<>();
  private List<AccessRule> current = unnamed;
  private int line;

  private AccessRulesReader(Path file) {
    this.file = file;
  }

  static AccessRules read(Path file) throws IOException {
    return new AccessRulesReader(file).read();
  }

  private AccessRules read() throws IOException {
    for (String text : TextFile.lines(file)) {
      line++;
      if (!TextFile.isBlank(text)) {
        String[] words = SPACE.split(text.strip(), 2);
        read(words[0], words.length == 2 ? words[1] : "");
      }
    }
    return new AccessRules(unnamed, byUser, patterns);
  }

  private void read(String keyword, String rest) throws FileProblemException {
    switch (keyword) {
      case "user" -> {
        if (rest.isEmpty()) {
          throw problem("needs a name after 'user'");
        }
        current = byUser.computeIfAbsent(rest, user -> new ArrayList<>());
      }
      case "topic" -> current.add(rule(rest, false));
      case "pattern" -> patterns.add(rule(rest, true));
      default -> throw problem("begins with '" + keyword + "': write 'user', 'topic' or 'pattern'");
    }
  }

  private AccessRule rule(String rest, boolean pattern) throws FileProblemException {
    String[] words = SPACE.split(rest, 2);
    Kind kind = words.length == 2 ? kind(words[0]) : null;
    if (words.length == 2 && kind == null) {
      throw problem(
          "has '"
              + words[0]
              + "' as its access: write read, write, readwrite or deny, also before a"
              + " filter with spaces");
    }
    String filter = kind == null ? rest : words[1];
    if (pattern && MIXED_PLACEHOLDER.matcher(filter).find()) {
      throw problem("has %c or %u beside other characters: it has to be a whole level");
    }
    try {
      return new AccessRule(kind == null ? Kind.READWRITE : kind, TopicFilter.of(filter), pattern);
    } catch (InvalidTopicException e) {
      throw new FileProblemException(
          where() + " has the unusable filter '" + filter + "': " + e.getMessage(), e);
    }
  }

  /** The kind written so; null when it is none. */
  private static @Nullable Kind kind(String word) {
    for (Kind kind : Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
        return kind;
      }
    }
    return null;
  }

  private FileProblemException problem(String what) {
    return new FileProblemException(where() + " " + what);
  }

  private String where() {
    return file + ", line " + line;
  }
}
