package dev.limpet.cluster.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.metrics.Limit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Keeps the page of limits true. */
class LimitsPageTest {
  private static final Path PAGE = Path.of("LIMITS.md");

  @Test
  void the_page_says_what_the_options_say() throws IOException {
    Path wanted = Files.writeString(Path.of("target", "LIMITS.md"), LimitsPage.page().text());
    assertThat(PAGE).as("copy cluster/target/LIMITS.md to cluster").hasSameTextualContentAs(wanted);
  }

  @Test
  void every_option_that_bounds_something_has_a_rule() {
    assertThat(OptionKey.values())
        .allMatch(key -> LimitsPage.isLimit(key) == LimitsPage.page().hasRuleFor(key));
  }

  @Test
  void every_limit_that_is_counted_is_an_option() {
    assertThat(OptionKey.allKeys())
        .containsAll(Arrays.stream(Limit.values()).map(Limit::key).toList());
  }
}
