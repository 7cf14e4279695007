package dev.limpet.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of a record in a Java file. Immutable.
 *
 * @param components how many it has
 */
record RecordHeader(String name, int components) {
  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*");
  private static final Pattern HEAD = Pattern.compile("\\brecord\\s+(\\w+)\\s*[(<]");

  /** All records of a file, nested ones among them. */
  static List<RecordHeader> of(String source) {
    String code = COMMENT.matcher(source).replaceAll("");
    List<RecordHeader> found = new ArrayList<>();
    Matcher head = HEAD.matcher(code);
    while (head.find()) {
      int start = head.end() - 1;
      int open = code.charAt(start) == '<' ? code.indexOf('(', closing(code, start)) : start;
      String inside = code.substring(open + 1, closing(code, open));
      found.add(new RecordHeader(head.group(1), count(inside)));
    }
    return found;
  }

  /** Where what opens there is closed. */
  private static int closing(String code, int open) {
    int depth = 0;
    int at = open;
    do {
      depth += nesting(code.charAt(at++));
    } while (depth > 0);
    return at - 1;
  }

  private static int count(String inside) {
    int depth = 0;
    int commas = 0;
    for (int i = 0; i < inside.length(); i++) {
      depth += nesting(inside.charAt(i));
      commas += depth == 0 && inside.charAt(i) == ',' ? 1 : 0;
    }
    return inside.isBlank() ? 0 : commas + 1;
  }

  private static int nesting(char c) {
    return switch (c) {
      case '(', '<' -> 1;
      case ')', '>' -> -1;
      default -> 0;
    };
  }
}
