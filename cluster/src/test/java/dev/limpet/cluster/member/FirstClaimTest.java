package dev.limpet.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Issue 7, item 21: only the node that may found the cluster asks shortly, and only one does. */
class FirstClaimTest {
  private static final List<String> THREE =
      List.of("127.0.0.1:5703", "127.0.0.1:5701", "127.0.0.1:5702");

  private static int asks(String bindHost, int port, List<String> join) {
    return FirstClaim.askSeconds(
        MemberOptions.builder()
            .clusterName("test")
            .bindHost(bindHost)
            .port(port)
            .join(join)
            .partitionCount(7)
            .build());
  }

  @Test
  void one_of_those_that_are_listed_asks_shortly() {
    assertThat(asks("127.0.0.1", 5701, THREE)).isEqualTo(FirstClaim.FIRST_SECONDS);
    assertThat(asks("127.0.0.1", 5702, THREE)).isEqualTo(FirstClaim.OTHER_SECONDS);
    assertThat(asks("127.0.0.1", 5703, THREE)).isEqualTo(FirstClaim.OTHER_SECONDS);
    assertThat(asks("0.0.0.0", 5701, THREE)).isEqualTo(FirstClaim.FIRST_SECONDS);
    assertThat(asks("127.0.0.1", 5701, List.of("127.0.0.1:5701", "nobody.invalid:1")))
        .isEqualTo(FirstClaim.FIRST_SECONDS);
  }

  @Test
  void who_is_not_listed_or_cannot_know_asks_longer() {
    assertThat(asks("127.0.0.1", 5700, THREE)).isEqualTo(FirstClaim.OTHER_SECONDS);
    assertThat(asks("127.0.0.1", 5701, List.of())).isEqualTo(FirstClaim.OTHER_SECONDS);
    assertThat(asks("127.0.0.1", 5701, List.of("127.0.0.1"))).isEqualTo(FirstClaim.OTHER_SECONDS);
    assertThat(asks("nobody.invalid", 5701, THREE)).isEqualTo(FirstClaim.OTHER_SECONDS);
  }
}
