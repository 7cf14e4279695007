package dev.limpet.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HashTrieTest {

  /** All different, all of one hash. */
  private static List<String> colliding() {
    return IntStream.range(0, 64)
        .mapToObj(
            i -> {
              StringBuilder text = new StringBuilder();
              for (int bit = 0; bit < 6; bit++) {
                text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
              }
              return text.toString();
            })
        .toList();
  }

  private static List<Object> items(HashTrie trie) {
    List<Object> items = new ArrayList<>();
    trie.forEach(items::add);
    return items;
  }

  @Test
  void items_of_one_hash_are_told_apart() {
    List<String> items = colliding();
    assertThat(items.stream().map(String::hashCode).distinct()).hasSize(1);
    HashTrie trie = HashTrie.of(items.toArray()).with("other");
    assertThat(items(trie)).hasSize(65).containsAll(items).contains("other");
    for (String item : items) {
      assertThat(trie.contains(item)).isTrue();
      trie = trie.without(item);
      assertThat(trie.contains(item)).isFalse();
    }
    assertThat(items(trie)).containsExactly("other");
    assertThat(trie.size()).isEqualTo(1);
  }

  @Test
  void nodes_of_one_hash_are_found_and_replaced() {
    List<String> labels = colliding();
    HashTrie trie = HashTrie.of(labels.stream().map(TreeNode::new).toArray());
    for (String label : labels) {
      TreeNode found = trie.node(label, 0, label.length(), label.hashCode());
      assertThat(found).isNotNull();
      assertThat(found.label).isEqualTo(label);
      TreeNode next = new TreeNode(label + "/below");
      trie = trie.replace(found, next);
      assertThat(trie.node(label, 0, label.length(), label.hashCode())).isSameAs(next);
    }
    assertThat(trie.node("AaAaAaAaAaAC", 0, 12, labels.get(0).hashCode())).isNull();
    assertThat(trie.size()).isEqualTo(64);
  }

  @Test
  void a_change_leaves_the_trie_before_as_it_was() {
    HashTrie before = HashTrie.of(IntStream.range(0, 1_000).boxed().toArray());
    HashTrie after = before.without(7).with(1_000);
    assertThat(items(before)).hasSize(1_000).contains(7).doesNotContain(1_000);
    assertThat(items(after)).hasSize(1_000).contains(1_000).doesNotContain(7);
  }
}
