package dev.limpet.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.limpet.broker.spec.Spec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which texts are topic names, filters and shared filters. */
class TopicsTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "/", "//", " ", "a b/ü", "$SYS/x", "a/$b", "\uD83D\uDE00"})
  void these_are_topic_names_and_filters(String text) {
    assertThat(TopicName.of(text)).hasToString(text);
    assertThat(TopicFilter.of(text)).hasToString(text);
    assertThat(TopicFilter.of(text).hasWildcard()).isFalse();
    assertThat(TopicFilter.of(text).matches(TopicName.of(text))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/\0", "\0"})
  void these_are_neither(String text) {
    assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> TopicName.of(text));
    assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> TopicFilter.of(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"+", "#", "/#", "+/+", "a/+/#", "+/a", "a/+/b", "$SYS/#"})
  void these_are_filters_with_wildcards_and_no_names(String text) {
    assertThat(TopicFilter.of(text).hasWildcard()).isTrue();
    assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> TopicName.of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"#/a", "a#", "#a", "a/#/", "a/#/b", "a+", "+a", "a/b+/c", "++", "##", "+#"})
  @Spec(
      v3 = {"MQTT-4.7.1-2", "MQTT-4.7.1-3"},
      v5 = {"MQTT-4.7.1-1", "MQTT-4.7.1-2"})
  void these_are_no_filters(String text) {
    assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> TopicFilter.of(text));
  }

  @Test
  @Spec(v3 = "MQTT-4.7.3-3", v5 = "MQTT-4.7.3-3")
  void length_counts_bytes_and_not_characters() {
    assertThat(TopicName.of("x".repeat(65_535)).value()).hasSize(65_535);
    assertThat(TopicName.of("ä".repeat(32_767)).value()).hasSize(32_767);
    assertThat(TopicName.of("\uD83D\uDE00".repeat(16_383)).value()).hasSize(32_766);
    for (String tooLong :
        new String[] {
          "x".repeat(65_536), "ä".repeat(32_768), "€".repeat(21_846), "\uD83D\uDE00".repeat(16_384)
        }) {
      assertThatExceptionOfType(InvalidTopicException.class)
          .isThrownBy(() -> TopicName.of(tooLong));
      assertThatExceptionOfType(InvalidTopicException.class)
          .isThrownBy(() -> TopicFilter.of(tooLong));
    }
  }

  @Test
  void topics_that_start_with_a_dollar_sign_are_reserved() {
    assertThat(TopicName.of("$SYS").isReserved()).isTrue();
    assertThat(TopicName.of("a/$SYS").isReserved()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "$share/g/a/#, g, a/#",
    "$share/g//, g, /",
    "$share/g/$SYS/x, g, $SYS/x",
    "a/b, , a/b",
    "$share, , $share",
    "$SHARE/g/a, , $SHARE/g/a",
  })
  void a_shared_filter_is_split_and_written_as_it_was(String text, String group, String filter) {
    SharedFilter shared = SharedFilter.parse(text);
    assertThat(shared.group()).isEqualTo(group);
    assertThat(shared.isShared()).isEqualTo(group != null);
    assertThat(shared.filter()).isEqualTo(TopicFilter.of(filter));
    assertThat(shared).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$share/",
        "$share/g",
        "$share/g/",
        "$share//a",
        "$share/+/a",
        "$share/g#/a",
        "$share/g/a#",
        "$share/\0/a",
        ""
      })
  @Spec(v5 = {"MQTT-4.8.2-1", "MQTT-4.8.2-2"})
  void these_are_no_shared_filters(String text) {
    assertThatExceptionOfType(InvalidTopicException.class)
        .isThrownBy(() -> SharedFilter.parse(text));
  }
}
