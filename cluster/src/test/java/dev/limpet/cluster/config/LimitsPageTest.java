package dev.limpet.cluster.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.metrics.Limit;
import dev.limpet.cluster.docs.GeneratedPage;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Keeps the page of limits true (issue 8, pages). */
class LimitsPageTest {
  @Test
  void the_page_says_what_the_options_say() throws IOException {
    new GeneratedPage("limits.md").requireText(LimitsPage.page().text());
  }

  @Test
  void every_option_that_bounds_something_has_a_rule() {
    assertThat(OptionKey.values())
        .allMatch(key -> LimitsPage.isLimit(key) == LimitsPage.page().hasRuleFor(key));
  }

  @Test
  void every_limit_that_is_counted_is_an_option() {
    assertThat(OptionKeys.all())
        .containsAll(Arrays.stream(Limit.values()).map(Limit::key).toList());
  }
}
