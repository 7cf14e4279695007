package dev.limpet.broker.spi;

import static dev.limpet.broker.spi.Samples.await;
import static dev.limpet.broker.spi.Samples.publication;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.store.RetainedStore;
import dev.limpet.broker.topic.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every {@link RetainedStore} does. */
public abstract class RetainedStoreContract {
  protected final ManualClock clock = new ManualClock();
  private RetainedStore store;

  /** An empty store. */
  protected abstract RetainedStore createStore(LongSupplier wallMillis);

  @BeforeEach
  void create() {
    store = createStore(clock);
  }

  @Test
  void the_last_publication_of_a_topic_is_retained_as_it_was() {
    retain("a/b", "old");
    Publication last = retain("a/b", "new");
    assertThat(match("a/b")).containsExactly(last);
  }

  @Test
  void an_empty_payload_removes_what_was_retained() {
    retain("a/b", "body");
    retain("a/b", "");
    retain("a/b", "");
    assertThat(match("#")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "a/b/c,   a/b/c",
    "a/b,     a/b",
    "a/+,     a/b a/bb",
    "a/+/c,   a/b/c a/bb/c",
    "a/#,     a a/b a/b/c a/bb a/bb/c",
    "a/b/#,   a/b a/b/c",
    "+,       a b",
    "+/b,     a/b",
    "#,       a a/b a/b/c a/bb a/bb/c b",
    "$SYS/#,  $SYS/x",
    "a/b/c/d, ''",
    "c/#,     ''"
  })
  void a_filter_brings_all_that_it_matches(String filter, String expected) {
    for (String topic : List.of("a", "a/b", "a/b/c", "a/bb", "a/bb/c", "b", "$SYS/x")) {
      retain(topic, "body");
    }
    List<String> topics = match(filter).stream().map(p -> p.topic().value()).toList();
    assertThat(String.join(" ", topics.stream().sorted().toList())).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "+/+/alarm/#, d/1/alarm d/1/alarm/x",
    "+/+/alarm,   d/1/alarm",
    "+/1/#,       d/1/alarm d/1/alarm/x d/1/status",
    "+/+//x,      d///x",
    "+/+/+/+,     d///x d/1/alarm/x",
    "+,           one",
    "+/+/+/+/+/#, d/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18",
    "$SYS/+/alarm,$SYS/1/alarm"
  })
  void a_filter_brings_the_few_that_it_matches_of_many(String filter, String expected) {
    List<CompletionStage<Void>> retained = new ArrayList<>();
    String deep =
        "d/" + IntStream.rangeClosed(2, 18).mapToObj(String::valueOf).collect(joining("/"));
    for (String topic :
        List.of("one", "d/1/alarm", "d/1/alarm/x", "d///x", deep, "$SYS/1/alarm", "$SYS/1")) {
      retain(topic, "body");
    }
    for (int device = 1; device <= 600; device++) {
      retained.add(store.retain(publication("d/" + device + "/status", "body")));
    }
    retained.forEach(Samples::await);
    List<String> topics = match(filter).stream().map(p -> p.topic().value()).toList();
    assertThat(String.join(" ", topics.stream().sorted().toList())).isEqualTo(expected);
  }

  @Test
  void a_rare_topic_of_many_is_gone_once_it_is_removed() {
    for (int device = 1; device <= 600; device++) {
      retain("d/" + device + "/status", "body");
    }
    retain("d/7/alarm", "body");
    Publication last = retain("d/7/alarm", "newer");
    assertThat(match("+/+/alarm")).containsExactly(last);
    retain("d/7/alarm", "");
    assertThat(match("+/+/alarm")).isEmpty();
  }

  @Test
  void what_has_expired_is_not_brought_back() {
    Publication mortal = publication("a/b", "body", clock.getAsLong() + 60_000);
    await(store.retain(mortal));
    clock.advanceMillis(59_999);
    assertThat(match("a/b")).containsExactly(mortal);
    assertThat(match("a/+")).containsExactly(mortal);
    clock.advanceMillis(1);
    assertThat(match("a/b")).isEmpty();
    assertThat(match("a/+")).isEmpty();
  }

  @Test
  void what_has_expired_on_arrival_replaces_what_was_there_by_nothing() {
    retain("a/b", "old");
    await(store.retain(publication("a/b", "late", clock.getAsLong())));
    assertThat(match("a/b")).isEmpty();
  }

  @Test
  void a_match_is_bounded() {
    retain("a/1", "body");
    retain("a/2", "body");
    retain("a/3", "body");
    assertThat(await(store.match(TopicFilter.of("a/+"), 2))).hasSize(2);
  }

  private Publication retain(String topic, String payload) {
    Publication publication = publication(topic, payload);
    await(store.retain(publication));
    return publication;
  }

  private List<Publication> match(String filter) {
    return await(store.match(TopicFilter.of(filter), 1000));
  }
}
