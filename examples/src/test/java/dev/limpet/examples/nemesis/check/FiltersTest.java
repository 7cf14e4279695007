package dev.limpet.examples.nemesis.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiltersTest {

  @Test
  void filters_match_what_mqtt_says() {
    assertThat(Filters.matches("m/0/#", "m/0/p")).isTrue();
    assertThat(Filters.matches("m/0/#", "m/1/p")).isFalse();
    assertThat(Filters.matches("m/+/p", "m/1/p")).isTrue();
    assertThat(Filters.matches("m/+", "m/1/p")).isFalse();
    assertThat(Filters.matches("m/1/p/q", "m/1/p")).isFalse();
    assertThat(Filters.matches("$share/g/m/0/#", "m/0/p")).isTrue();
  }
}
