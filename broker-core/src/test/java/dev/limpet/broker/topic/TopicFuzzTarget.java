package dev.limpet.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Any texts as topic names and filters: taken when the naive rules take them, and matched as the
 * naive rules match, one by one and in a tree that others are taken out of again.
 *
 * <p>An input is a topic name and filters, a line each. With a first byte of 'a' all other bytes
 * become the few characters that matter.
 */
public final class TopicFuzzTarget {
  private static final String ALPHABET = "ab/+#$\n/+\u00e9";

  private TopicFuzzTarget() {}

  static Stream<byte[]> seeds() {
    return Stream.of(
            "a/b/c\na/b/c\na/+/c\na/#\n#\n+/+/+\n+/b/#\na/b/c/#\n$share/g/a/#",
            "$SYS/x\n#\n+/x\n$SYS/#\n$SYS/+\n$share/g/+/x",
            "//\n/#\n/+/\n+//\n+/+/+\n//\n///",
            "$share/\n$share//x\n$share/g\n$share/g/\n$share/+/x\n$share/a#/x\na/#/b\na+\n+a",
            "a\u00e9\ud83d\ude00/\u0000\na\u00e9/+",
            "aabcdefghij/klm#nopqrs/t")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    String[] lines = text(data).split("\n", -1);
    String name = lines[0];
    Set<String> filters = new LinkedHashSet<>();
    for (String line : lines) {
      assertThat(isTaken(() -> TopicName.of(line))).isEqualTo(NaiveTopics.isName(line));
      assertThat(isTaken(() -> SharedFilter.parse(line)))
          .isEqualTo(NaiveTopics.isSharedFilter(line));
      boolean isFilter = NaiveTopics.isFilter(line);
      assertThat(isTaken(() -> TopicFilter.of(line))).isEqualTo(isFilter);
      if (isFilter) {
        filters.add(line);
      }
      if (NaiveTopics.isSharedFilter(line)) {
        assertThat(SharedFilter.parse(line)).hasToString(line);
      }
    }
    if (NaiveTopics.isName(name)) {
      assertMatches(TopicName.of(name), new ArrayList<>(filters));
    }
  }

  private static String text(byte[] data) {
    if (data.length == 0 || data[0] != 'a') {
      return new String(data, StandardCharsets.UTF_8);
    }
    StringBuilder text = new StringBuilder();
    for (byte octet : data) {
      text.append(ALPHABET.charAt((octet & 0xFF) % ALPHABET.length()));
    }
    return text.toString();
  }

  private static boolean isTaken(Runnable parse) {
    try {
      parse.run();
      return true;
    } catch (InvalidTopicException e) {
      return false;
    }
  }

  private static void assertMatches(TopicName name, List<String> filters) {
    TopicTree<String> tree = new TopicTree<>();
    for (String filter : filters) {
      assertThat(TopicFilter.of(filter).matches(name))
          .isEqualTo(NaiveTopics.matches(filter, name.value()));
      assertThat(tree.add(TopicFilter.of(filter), filter)).isTrue();
    }
    assertThat(tree.size()).isEqualTo(filters.size());
    List<String> left = new ArrayList<>(filters);
    while (true) {
      assertFound(tree, name, left);
      if (left.isEmpty()) {
        break;
      }
      // Alternately from the front and the back, so that nodes are joined in different orders.
      String gone = left.remove(left.size() % 2 == 0 ? 0 : left.size() - 1);
      assertThat(tree.remove(TopicFilter.of(gone), gone)).isTrue();
      assertThat(tree.remove(TopicFilter.of(gone), gone)).isFalse();
    }
    assertThat(tree.nodes()).isZero();
  }

  private static void assertFound(TopicTree<String> tree, TopicName name, List<String> filters) {
    List<String> found = new ArrayList<>();
    tree.match(name, found::add);
    List<String> expected =
        filters.stream().filter(each -> NaiveTopics.matches(each, name.value())).toList();
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }
}
