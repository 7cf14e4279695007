package dev.limpet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.events.EventLog;
import dev.limpet.broker.files.FileWatch;
import dev.limpet.cluster.config.NodeOptions;
import dev.limpet.cluster.config.OptionKey;
import dev.limpet.cluster.config.Setting;
import dev.limpet.cluster.config.Settings;
import dev.limpet.lb.FrontendOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an operator says about handshakes reaches the frontends. */
class DoorwaysTest {

  private static FrontendOptions frontend(Map<OptionKey, String> said) {
    List<Setting> settings =
        said.entrySet().stream()
            .map(each -> Setting.ofFlag(each.getKey(), List.of(each.getValue())))
            .toList();
    NodeOptions options = NodeOptions.of(Settings.merge(List.of(settings)));
    try (FileWatch watch = new FileWatch()) {
      return new ListenerFactory(
              new SimpleMeterRegistry(), watch, ClusteredBrokerOptions.of(options), new EventLog())
          .frontend(options.listeners().get(0));
    }
  }

  @Test
  void undecided_handshakes_are_bounded_by_the_options_of_the_node() {
    FrontendOptions options =
        frontend(Map.of(OptionKey.HANDSHAKES_MAX, "7", OptionKey.HANDSHAKE_BYTES_MAX, "1000000"));
    assertThat(options.handshake().handshakesMax()).isEqualTo(7);
    assertThat(options.handshake().handshakeBytesMax()).isEqualTo(1_000_000);
  }

  @Test
  void the_largest_connect_always_has_room() {
    FrontendOptions options =
        frontend(
            Map.of(
                OptionKey.CONNECT_BYTES_MAX, "200000000", OptionKey.HANDSHAKE_BYTES_MAX, "1000"));
    assertThat(options.handshake().handshakeBytesMax()).isEqualTo(200_000_000);
  }
}
