package dev.limpet.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TopicTreeConcurrencyTest {
  private static final int CHANGES = 30_000;
  private static final TopicName TOPIC = TopicName.of("a/b/c/d");

  /** Filters that match the topic and fork each other's nodes. */
  private static final List<String> CHURN =
      List.of("a/b", "a/b/c/d", "a/b/#", "a/b/+/d", "a/b/x", "a/+", "+/b/c/d", "#", "a/b/c/d/#");

  private final TopicTree<String> tree = new TopicTree<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void readers_see_what_stays_exactly_once_whatever_changes_around_it() {
    long seed = Long.getLong("limpet.seed", System.nanoTime());
    tree.add(TopicFilter.of("a/b/c/d"), "stays");
    tree.add(TopicFilter.of("a/b/+/+"), "stays too");
    AtomicLong reads = new AtomicLong();
    CompletableFuture<Void> writing =
        CompletableFuture.allOf(
            CompletableFuture.runAsync(() -> churn(new Random(seed), "w1"), threads),
            CompletableFuture.runAsync(() -> churn(new Random(seed + 1), "w2"), threads));
    CompletableFuture<Void> reading =
        CompletableFuture.allOf(
            CompletableFuture.runAsync(() -> read(writing, reads), threads),
            CompletableFuture.runAsync(() -> read(writing, reads), threads));
    CompletableFuture.allOf(writing, reading).orTimeout(50, TimeUnit.SECONDS).join();
    assertThat(reads).hasPositiveValue();
    assertThat(tree.size()).as("seed %d", seed).isEqualTo(2);
    assertThat(tree.nodes()).as("seed %d", seed).isEqualTo(3);
  }

  private void churn(Random random, String name) {
    List<String> added = new ArrayList<>();
    for (int i = 0; i < CHANGES; i++) {
      String filter = CHURN.get(random.nextInt(CHURN.size()));
      // Many values at times, so that bags grow into tables and shrink again.
      String value = name + '/' + filter + '/' + random.nextInt(20);
      if (tree.add(TopicFilter.of(filter), value)) {
        added.add(value);
      } else {
        assertThat(tree.remove(TopicFilter.of(filter), value)).isTrue();
        added.remove(value);
      }
    }
    for (String value : added) {
      String filter = value.substring(name.length() + 1, value.lastIndexOf('/'));
      assertThat(tree.remove(TopicFilter.of(filter), value)).isTrue();
    }
  }

  private void read(CompletableFuture<Void> writing, AtomicLong reads) {
    List<String> found = new ArrayList<>();
    do {
      found.clear();
      tree.match(TOPIC, found::add);
      assertThat(found).doesNotHaveDuplicates().contains("stays", "stays too");
      assertThat(found).noneMatch(value -> value.contains("/a/b/x/"));
      reads.incrementAndGet();
    } while (!writing.isDone());
  }

  @Test
  void a_change_is_seen_by_every_reader_that_starts_after_it() {
    SynchronousQueue<Integer> changed = new SynchronousQueue<>();
    SynchronousQueue<Integer> checked = new SynchronousQueue<>();
    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(() -> checkEach(changed, checked), threads);
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(() -> changeEach(changed, checked), threads);
    CompletableFuture.allOf(reader, writer).orTimeout(50, TimeUnit.SECONDS).join();
    assertThat(tree.size()).isEqualTo(1_000);
  }

  /** Else a plan made from the tree of before would be kept as one of the tree of now. */
  @Test
  void who_reads_a_version_and_then_matches_sees_the_change_that_raised_it() {
    List<TopicName> topics =
        IntStream.range(0, CHANGES).mapToObj(i -> TopicName.of("n/" + i)).toList();
    assertThat(tree.version()).isZero();
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> topics.forEach(topic -> tree.add(TopicFilter.of(topic.value()), "v")), threads);
    CompletableFuture<Void> reading =
        CompletableFuture.runAsync(() -> readNewest(writing, topics), threads);
    CompletableFuture.allOf(writing, reading).orTimeout(50, TimeUnit.SECONDS).join();
    assertThat(tree.version()).isEqualTo(CHANGES);
  }

  private void readNewest(CompletableFuture<Void> writing, List<TopicName> topics) {
    AtomicLong found = new AtomicLong();
    do {
      int changes = (int) tree.version();
      if (changes > 0) {
        found.set(0);
        tree.match(topics.get(changes - 1), value -> found.incrementAndGet());
        assertThat(found).as("change %d", changes).hasValue(1);
      }
    } while (!writing.isDone());
  }

  private void changeEach(SynchronousQueue<Integer> changed, SynchronousQueue<Integer> checked) {
    for (int i = 0; i < 1_000; i++) {
      assertThat(tree.add(TopicFilter.of("x/" + i + "/y"), "v" + i)).isTrue();
      hand(changed, i);
      assertThat(take(checked)).isEqualTo(i);
    }
  }

  private void checkEach(SynchronousQueue<Integer> changed, SynchronousQueue<Integer> checked) {
    for (int i = 0; i < 1_000; i++) {
      int added = take(changed);
      List<String> found = new ArrayList<>();
      tree.match(TopicName.of("x/" + added + "/y"), found::add);
      assertThat(found).containsExactly("v" + added);
      hand(checked, added);
    }
  }

  private static void hand(SynchronousQueue<Integer> queue, int value) {
    try {
      assertThat(queue.offer(value, 20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static int take(SynchronousQueue<Integer> queue) {
    try {
      Integer value = queue.poll(20, TimeUnit.SECONDS);
      assertThat(value).isNotNull();
      return value;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
