package dev.limpet.lb;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FrontendOptionsTest {

  static Stream<Arguments> outOfBounds() {
    return Stream.of(
        Arguments.of("connectBytesMax", FrontendOptions.builder().connectBytesMax(0)),
        Arguments.of("handshakeBytesMax", FrontendOptions.builder().handshakeBytesMax(1)),
        Arguments.of("relayQueueBytesMax", FrontendOptions.builder().relayQueueBytesMax(0)),
        Arguments.of("connectTimeoutMillis", FrontendOptions.builder().connectTimeoutMillis(0)),
        Arguments.of("handshakesMax", FrontendOptions.builder().handshakesMax(0)),
        Arguments.of("connectionsMax", FrontendOptions.builder().connectionsMax(0)),
        Arguments.of("relayLingerMillis", FrontendOptions.builder().relayLingerMillis(0)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("outOfBounds")
  void a_value_out_of_bounds_is_refused_by_name(String name, FrontendOptions.Builder builder) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }
}
